// A program of three resources, each of which waits for the one before.
import * as pulumi from "@pulumi/pulumi";
import { failWhenCutOff } from "../../../components/program/failWhenCutOff.ts";

class Thing extends pulumi.CustomResource {
    constructor(name: string, after: pulumi.Input<string> = "nothing") {
        super("test:index:Thing", name, { after });
    }
}

failWhenCutOff();
const first = new Thing("first");
const second = new Thing("second", first.id);
export const last = new Thing("third", second.id).id;
