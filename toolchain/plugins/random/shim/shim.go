// Package shim makes the Terraform provider, which is internal to its module, importable.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	upstream "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// NewProvider returns the Terraform provider "random".
func NewProvider() provider.Provider { return upstream.New() }
