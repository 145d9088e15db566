/** How this person calls Candor: a hint is worth something only when it can be pasted. */
export const candor = (rest: string): string => `${process.env.npm_command ? "npx candor" : "candor"} ${rest}`;
