// Package redaction keeps secret values out of errors and logs.
package redaction

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// Replacement stands where a secret was.
const Replacement = "[secret]"

// minLength is the shortest value that is taken for a secret; a shorter one would blot out ordinary text.
const minLength = 4

// Secrets are the values that must not be shown.
type Secrets struct{ values []string }

// minLineLength is the shortest line that is looked for on its own: output comes in lines, and secrets may have many.
const minLineLength = 16

// Of makes Secrets of values: each as a whole, its long lines, and both also as Go quotes them.
func Of(values []string) Secrets {
	var secrets Secrets
	for _, value := range values {
		secrets.add(value, minLength)
		for line := range strings.Lines(value) {
			if !strings.HasPrefix(line, "-----") {
				secrets.add(line, minLineLength)
			}
		}
	}
	// A secret may be part of another one: the longer goes first.
	slices.SortFunc(secrets.values, func(a, b string) int { return len(b) - len(a) })
	secrets.values = slices.Compact(secrets.values)
	return secrets
}

func (s *Secrets) add(value string, shortest int) {
	value = strings.TrimSpace(value)
	if len(value) < shortest {
		return
	}
	s.values = append(s.values, value)
	if quoted := strings.Trim(strconv.Quote(value), `"`); quoted != value {
		s.values = append(s.values, quoted)
	}
}

// Remove replaces every secret in text.
func (s Secrets) Remove(text string) string {
	for _, value := range s.values {
		text = strings.ReplaceAll(text, value, Replacement)
	}
	return text
}

type contextKey struct{}

// With gives ctx the secrets of the operation that it belongs to.
func With(ctx context.Context, secrets Secrets) context.Context {
	return context.WithValue(ctx, contextKey{}, secrets)
}

// From finds the secrets of the operation that ctx belongs to.
func From(ctx context.Context) Secrets {
	secrets, _ := ctx.Value(contextKey{}).(Secrets)
	return secrets
}
