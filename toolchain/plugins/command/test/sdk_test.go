package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sdk is the npm package that programs use; the repository's package-lock.json pins it.
const sdk = "../../../../node_modules/@pulumi/command"

func readSDK(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(sdk, path))
	if err != nil {
		t.Fatalf("the SDK is needed for comparison, run `npm ci` at the top of the repository: %v", err)
	}
	return string(content)
}

var (
	comments   = regexp.MustCompile(`(?s)/\*\*.*?\*/`)
	anyKey     = regexp.MustCompile(`\{\s*\[key: string\]: ([^;]*);\s*\}`)
	properties = regexp.MustCompile(`(?m)^\s*(?:readonly )?(\w+)(\??): ([^;]+);`)
	wrappers   = regexp.MustCompile(`^pulumi\.(?:Input|Output)<(.*)>$`)
	mapOf      = regexp.MustCompile(`^Map<(.*)>$`)
)

// declared are the properties of an interface or class in the SDK, by name, in the words of the schema.
func declared(t *testing.T, path, heading string) map[string]string {
	t.Helper()
	text := anyKey.ReplaceAllString(comments.ReplaceAllString(readSDK(t, path), ""), "Map<$1>")
	_, after, found := strings.Cut(text, heading+" {")
	if !found {
		t.Fatalf("%s has no %s", path, heading)
	}
	body, _, _ := strings.Cut(after, "\n}")
	body, _, _ = strings.Cut(body, "interface ")
	result := map[string]string{}
	for _, match := range properties.FindAllStringSubmatch(body, -1) {
		kind, optional := inSchemaWords(match[3])
		if optional || match[2] == "?" {
			kind += "?"
		}
		result[match[1]] = kind
	}
	return result
}

// inSchemaWords turns a TypeScript type into the words that [described] uses.
func inSchemaWords(typescript string) (kind string, optional bool) {
	typescript = strings.TrimSpace(typescript)
	if inner := wrappers.FindStringSubmatch(typescript); inner != nil {
		return inSchemaWords(inner[1])
	}
	if inner, found := strings.CutSuffix(typescript, " | undefined"); found {
		kind, _ = inSchemaWords(inner)
		return kind, true
	}
	if inner := mapOf.FindStringSubmatch(typescript); inner != nil {
		kind, _ = inSchemaWords(inner[1])
		return "map of " + kind, false
	}
	if inner, found := strings.CutSuffix(typescript, "[]"); found {
		kind, _ = inSchemaWords(inner)
		return "list of " + kind, false
	}
	switch {
	case strings.HasPrefix(typescript, "pulumi.asset.Asset"):
		return "asset", false
	case strings.HasPrefix(typescript, "pulumi.asset.Archive"):
		return "archive", false
	}
	for _, suffix := range []string{"Logging", "ProxyConnection", "Connection"} {
		if strings.HasSuffix(strings.TrimSuffix(typescript, "Args"), "."+suffix) {
			return suffix, false
		}
	}
	return typescript, false
}

func TestTheVersionIsThatOfTheSDK(t *testing.T) {
	var manifest struct{ Version string }
	wantSuccess(t, json.Unmarshal([]byte(readSDK(t, "package.json")), &manifest))
	source, err := os.ReadFile("../main.go")
	wantSuccess(t, err)
	if !strings.Contains(string(source), `var version = "`+manifest.Version+`"`) {
		t.Errorf("main.go has another version than the SDK's %s", manifest.Version)
	}
}
