const a = await import("a"); import b from "b";
