import { add, compile, gradients, input, mean, mul, Session, square, sub } from "@candor/graph";

// Fit y = 3x + 1 by gradient descent: w and b stay in the session, and each run moves them.
const [x, y] = [input("x", [4]), input("y", [4])];
const [w, b] = [input("w", []), input("b", [])];
const loss = mean(square(sub(add(mul(x, w), b), y)));
const [dw, db] = gradients(loss, [w, b] as const);
const program = compile({ outputs: { loss }, state: { w: sub(w, mul(dw, 0.1)), b: sub(b, mul(db, 0.1)) } });

await using session = await Session.create(program);
for (let step = 0; step < 300; step++) await session.run({ x: [0, 1, 2, 3], y: [1, 4, 7, 10] });
const [slope, start] = [await session.state("w"), await session.state("b")];
console.log(`y = ${Number(slope[0]).toFixed(3)}x + ${Number(start[0]).toFixed(3)}`);
