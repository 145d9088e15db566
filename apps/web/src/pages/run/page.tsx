/** Home. */
import { Heading } from "../parts.tsx";

export function Page() {
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-8 px-4 py-6">
      <Heading title="Candor" />
    </main>
  );
}
