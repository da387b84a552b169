// Package lifecycle decides which command belongs to which step of a resource's life.
package lifecycle

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// OnCreate is the command that creating the resource runs; empty means none.
func OnCreate(create *string) string { return text(create) }

// OnUpdate is the command that updating the resource runs: `update`, else `create`; empty means none.
func OnUpdate(update, create *string) string {
	if chosen := text(update); chosen != "" {
		return chosen
	}
	return text(create)
}

// OnDelete is the command that deleting the resource runs; empty means none.
func OnDelete(remove *string) string { return text(remove) }

// NewID makes the id of a new resource: its name and eight random hexadecimal digits.
func NewID(name string) (string, error) { return resource.NewUniqueHex(name, 8, 0) }

func text(optional *string) string {
	if optional == nil {
		return ""
	}
	return *optional
}
