import assert from "node:assert/strict";
import { test } from "node:test";
import { secretOf } from "../../../ops/releases.ts";

test("the secrets of a release are read back from its file, also from one that an earlier version wrote", () => {
    const quoted = String.raw`"services":
  "redis":
    "labels":
      "dallinger.made-from": "ae0f"
  "web":
    "environment":
      "12_34": "by name"
      "plain": "t0ken"
      "number": "1_000"
      "control": "a\u0085b\u2028\u007f\n\"\\"
      "dollars": "a$$b$$$$"
`;
    const former = `services:
  redis:
    labels:
      dallinger.made-from: ae0f
  web:
    environment:
      12_34: by name
      plain: t0ken
      number: 1_000
      control: "a\\u0085b\\u2028\\u007f\\n\\"\\\\"
      dollars: a$$b$$$$
`;
    const values = {
        "12_34": "by name",
        plain: "t0ken",
        number: "1_000",
        control: 'a\u0085b\u2028\u007f\n"\\',
        dollars: "a$b$$",
    };
    for (const file of [quoted, former])
        for (const [name, value] of Object.entries(values)) assert.equal(secretOf(file, name), value, name);
});
