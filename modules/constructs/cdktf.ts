// The one place that names cdktf, so that its successor is one change (DESIGN section 2).
export { App, DataResource, LocalBackend, TerraformStack } from "cdktf";
export type { ITerraformDependable } from "cdktf";
export { Container } from "@cdktf/provider-docker/lib/container/index.js";
export type { ContainerConfig } from "@cdktf/provider-docker/lib/container/index.js";
export { Network } from "@cdktf/provider-docker/lib/network/index.js";
export { DockerProvider } from "@cdktf/provider-docker/lib/provider/index.js";
export { Volume } from "@cdktf/provider-docker/lib/volume/index.js";
export { Construct } from "constructs";
