// Command pulumi-resource-random is the Pulumi plugin "random": the Terraform provider of that name, bridged.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"log"

	"dallinger/random/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
)

//go:embed schema.json
var schema []byte // made by ./generate before the build

func main() {
	var made struct{ Version string }
	if err := json.Unmarshal(schema, &made); err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(context.Background(), "random", provider.Info(made.Version),
		tfbridge.ProviderMetadata{PackageSchema: schema})
}
