// Command pulumi-resource-docker is the Pulumi plugin "docker": the Terraform provider of that name, bridged.
package main

import (
	_ "embed"
	"encoding/json"
	"log"

	"dallinger/docker/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

//go:embed schema.json
var schema []byte // made by ./generate before the build

func main() {
	var made struct{ Version string }
	if err := json.Unmarshal(schema, &made); err != nil {
		log.Fatal(err)
	}
	tfbridge.Main("docker", made.Version, provider.Info(made.Version), schema)
}
