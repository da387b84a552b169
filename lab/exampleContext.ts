/** Prints what the example's image is built from, as deployments give it to docker: their builds find the steps of one from this. */
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { explain } from "../components/configuration/checking/problems.ts";
import { packContext } from "../components/image/context/contextArchive.ts";
import { planImage } from "../components/image/context/imagePlan.ts";

const [base = ""] = process.argv.slice(2);
const options = { path: "examples/recall", platform: "linux/amd64", buildArgs: { BASE: base } };
const { archive, problems } = planImage(join(import.meta.dirname, ".."), options);
if (problems.length > 0) throw new Error(explain("The example's image cannot be built.", problems));
await pipeline(packContext(archive), process.stdout);
