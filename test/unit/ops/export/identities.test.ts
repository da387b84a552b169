import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Identities } from "../../../../ops/export/identities.ts";

const person = (number: number) => ({ column: String(number), text: `participant ${number}` });

test("an identity is found wherever it stands in a text, in either case", () => {
    const identities = new Identities();
    identities.add("A2XK7Q", person(7));
    assert.equal(identities.hide("I am a2xk7q, and xxA2XK7Qyy"), "I am [participant 7], and xx[participant 7]yy");
    assert.equal(identities.hide("A2XK7"), "A2XK7");
});

test("of two that begin alike the longer one counts", () => {
    const identities = new Identities();
    identities.add("worker-1", person(1));
    identities.add("worker-12", person(2));
    assert.equal(identities.hide("worker-12 worker-1 worker-3"), "[participant 2] [participant 1] worker-3");
});

test("one of digits alone becomes a number, and short ones are left in texts", () => {
    const identities = new Identities();
    identities.add("12345678901", person(4));
    identities.add("1234567", person(5));
    identities.add("W1", person(6));
    assert.equal(identities.hide('{"n": 12345678901, "m": 1234567, "k": "W1"}'), '{"n": 4, "m": 1234567, "k": "W1"}');
    assert.equal(identities.columnOf("w1"), "6");
});

test("somebody who calls themselves as pseudonyms are made does not spoil them", () => {
    const identities = new Identities();
    for (const name of ["participant", "participant 3", "unknown", "[hidden]", "address"])
        identities.add(name, person(1));
    assert.equal(
        identities.hide("participant 3 is unknown at this address"),
        "participant 3 is unknown at this address",
    );
});

test("the same one has one pseudonym, the first, and others are numbered by their kind", () => {
    const identities = new Identities();
    for (const hit of ["H-1", "H-2", "H-1"]) identities.addNumbered(hit, "hit");
    identities.addNumbered("somebody", "unknown");
    assert.deepEqual(
        ["H-1", "H-2", "somebody", "nobody"].map((value) => identities.columnOf(value)),
        ["hit 1", "hit 2", "unknown 1", undefined],
    );
});

test("nothing of any identity is left in any text", () => {
    const identity = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{4,12}[0-9][A-Z]$/);
    fc.assert(
        fc.property(fc.array(identity, { maxLength: 8 }), fc.array(fc.string(), { maxLength: 8 }), (known, between) => {
            const identities = new Identities();
            for (const [index, each] of known.entries()) identities.add(each, person(index));
            const text = between.map((part, index) => part + (known[index % Math.max(1, known.length)] ?? "")).join("");
            const hidden = identities.hide(text);
            assert.equal(identities.areIn(hidden), false);
            for (const each of known) assert.ok(!hidden.toLowerCase().includes(each.toLowerCase()), hidden);
        }),
    );
});
