/** The HTTP API, read from its own description: every address, what it takes and what it gives. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { Heading, Loading, Trouble } from "../parts.tsx";

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

interface Description {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

export function Page() {
  const description = useQuery({ queryKey: ["openapi"], queryFn: () => api.get<Description>("/openapi.json") });
  if (description.isPending) return <Loading />;
  if (description.isError) return <Trouble error={description.error} />;
  const { paths, components } = description.data;
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-8 px-4 py-6">
      <Heading
        title="The API"
        detail={
          <>
            Everything the pages and the command line do goes over it. Send the token that{" "}
            <code className="whitespace-nowrap">candor open --print</code> shows after the # as{" "}
            <code className="whitespace-nowrap">Authorization: Bearer TOKEN</code>.
          </>
        }
      >
        <a href="/openapi.json" className="text-sm text-primary underline">
          OpenAPI 3.1
        </a>
      </Heading>
      <ul className="divide-y rounded-lg border bg-card">
        {Object.entries(paths).flatMap(([path, operations]) =>
          Object.entries(operations).map(([method, operation]) => (
            <Endpoint
              key={`${method} ${path}`}
              method={method}
              path={path}
              operation={operation}
              schemas={components?.schemas ?? {}}
            />
          )),
        )}
      </ul>
    </main>
  );
}

interface EndpointProps {
  method: string;
  path: string;
  operation: Operation;
  schemas: Record<string, Schema>;
}

function Endpoint({ method, path, operation, schemas }: EndpointProps) {
  const ok = operation.responses?.["200"];
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const gives = ok?.content?.["application/json"]?.schema;
  return (
    <li>
      <details className="group text-sm">
        <summary className="grid list-none gap-x-4 gap-y-0.5 p-3 sm:grid-cols-[4rem_1fr_1fr]">
          <span className="font-mono text-xs uppercase text-muted-foreground">{method}</span>
          <span className="font-mono text-[0.8125rem] break-all">{path}</span>
          <span className="text-muted-foreground">{ok?.description?.replaceAll("`", "")}</span>
        </summary>
        <div className="grid gap-4 px-3 pb-4 sm:pl-20">
          <Fields
            title="Parameters"
            rows={(operation.parameters ?? []).map((p) => row(p.name, p.schema, p.required))}
          />
          <Fields title="Takes" rows={rowsOf(body, schemas)} />
          <Fields title="Gives" rows={rowsOf(gives, schemas)} />
        </div>
      </details>
    </li>
  );
}

interface Row {
  name: string;
  type: string;
  required: boolean;
}

function Fields({ title, rows }: { title: string; rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className="mb-1 text-xs text-muted-foreground">{title}</h3>
      <dl className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[12rem_1fr]">
        {rows.map(({ name, type, required }) => (
          <div key={name} className="contents">
            <dt className="font-mono text-[0.8125rem]">
              {name}
              {!required && <span className="text-muted-foreground">?</span>}
            </dt>
            <dd className="break-words text-muted-foreground">{type}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const row = (name: string, schema: Schema | undefined, required = false): Row => ({
  name,
  type: typeOf(schema),
  required,
});

function rowsOf(schema: Schema | undefined, schemas: Record<string, Schema>): Row[] {
  if (!schema) return [];
  const whole = schema.$ref ? schemas[nameOf(schema.$ref)] : schema;
  if (whole?.type === "array") return rowsOf(whole.items, schemas);
  return Object.entries(whole?.properties ?? {}).map(([name, each]) =>
    row(name, each, whole?.required?.includes(name)),
  );
}

function typeOf(schema: Schema | undefined): string {
  if (!schema) return "anything";
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return schema.enum.map(String).join(", ");
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items)}`;
  if (Array.isArray(schema.type)) return schema.type.join(" or ");
  return schema.type ?? "anything";
}

const nameOf = (ref: string): string => ref.split("/").at(-1) ?? ref;
