/** The components for programs of one's own, and what goes into them. What is not here may change without notice. */

export { appHostnames, type ServerNames } from "./configuration/appHostnames.ts";
export type { Delivery } from "./configuration/delivery.ts";
export type { Platform, ServerImages, ServerTls } from "./configuration/serverConfiguration.ts";
export type { ServerOutput } from "./configuration/serverOutput.ts";
export { SERVICE_IMAGES } from "./configuration/serverShape.ts";
export type { AppLimits } from "./experimentApp/appCompose.ts";
export { ExperimentApp, type ExperimentAppArgs } from "./experimentApp/experimentApp.ts";
export type { RegistryLogin } from "./experimentApp/registryLogin.ts";
export type { BuildRequest } from "./experimentImage/dockerBuild.ts";
export { ExperimentImage, type ExperimentImageArgs } from "./experimentImage/experimentImage.ts";
export { plannedImage } from "./experimentImage/imageName.ts";
export { serverOfStack } from "./program/serverOfStack.ts";
export { ReferencedImage, type ReferencedImageArgs } from "./referencedImage/referencedImage.ts";
export { Server, type ServerArgs } from "./server/server.ts";
