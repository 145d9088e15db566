/** What the browser test's page holds. */
import { Runner, Session } from "../browser.ts";

Object.assign(globalThis, { candor: { Runner, Session } });
