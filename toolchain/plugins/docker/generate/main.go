// Command generate prints the schema that the plugin embeds: making it takes seconds, which a start should not.
package main

import (
	"encoding/json"
	"log"
	"os"

	"dallinger/docker/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: generate VERSION")
	}
	sink := diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never})
	generated, err := tfgen.GenerateSchema(provider.Info(os.Args[1]), sink)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(generated); err != nil {
		log.Fatal(err)
	}
}
