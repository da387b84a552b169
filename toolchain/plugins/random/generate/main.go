// Command generate prints the schema that the plugin embeds: making it takes seconds, which a start should not.
package main

import (
	"context"
	"log"
	"os"

	"dallinger/random/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: generate VERSION")
	}
	sink := diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never})
	generated, err := tfgen.GenerateSchema(context.Background(), tfgen.GenerateSchemaOptions{
		ProviderInfo:    provider.Info(os.Args[1]),
		DiagnosticsSink: sink,
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := os.Stdout.Write(generated.ProviderMetadata.PackageSchema); err != nil {
		log.Fatal(err)
	}
}
