// Command pulumi-resource-command is this project's stand-in for Pulumi's resource plugin of the same name.
// See README.md for why it exists and CONFORMANCE.md for how it compares.
package main

import (
	"context"
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"

	"dallinger.invalid/pulumi-resource-command/provider"
)

// version is the version of @pulumi/command whose schema and behaviour this plugin follows.
var version = "1.2.1"

func main() {
	if err := p.RunProvider(context.Background(), provider.Name, version, provider.New()); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-command:", err)
		os.Exit(1)
	}
}
