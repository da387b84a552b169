package redaction

import (
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// credentials are the properties of a connection that are secret by their nature. The connection as a whole is marked
// secret too, but its host and user have to appear in errors.
var credentials = []string{"password", "privateKey", "privateKeyPassword"}

// Collect finds the secret values among the properties of a resource: what the program marked as secret, and the
// credentials of its connection.
func Collect(properties ...property.Map) Secrets {
	var found []string
	for _, values := range properties {
		for name, value := range values.All {
			if name == "connection" {
				found = append(found, fromConnection(value)...)
			} else {
				found = append(found, marked(value, false)...)
			}
		}
	}
	return Of(found)
}

func fromConnection(connection property.Value) []string {
	if !connection.IsMap() {
		return nil
	}
	var found []string
	for _, name := range credentials {
		found = append(found, marked(connection.AsMap().Get(name), true)...)
	}
	return append(found, fromConnection(connection.AsMap().Get("proxy"))...)
}

func marked(value property.Value, secret bool) []string {
	secret = secret || value.Secret()
	var found []string
	switch {
	case value.IsString() && secret:
		found = append(found, value.AsString())
	case value.IsArray():
		for _, element := range value.AsArray().All {
			found = append(found, marked(element, secret)...)
		}
	case value.IsMap():
		for _, element := range value.AsMap().All {
			found = append(found, marked(element, secret)...)
		}
	}
	return found
}
