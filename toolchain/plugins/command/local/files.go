package local

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/gobwas/glob"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// rule is one pattern of `assetPaths` or `archivePaths`.
type rule struct {
	pattern glob.Glob
	exclude bool
}

// collect reads the files that the settings ask for.
func (s Settings) collect(dir string, results *Results) error {
	results.Assets, results.Archive = nil, nil
	if s.AssetPaths != nil {
		assets, err := find(dir, *s.AssetPaths)
		if err != nil {
			return fmt.Errorf("assetPaths: %w", err)
		}
		wrapped := map[string]types.AssetOrArchive{}
		for name, asset := range assets {
			wrapped[name] = types.AssetOrArchive{Asset: asset}
		}
		results.Assets = &wrapped
	}
	if s.ArchivePaths != nil {
		assets, err := find(dir, *s.ArchivePaths)
		if err != nil {
			return fmt.Errorf("archivePaths: %w", err)
		}
		members := map[string]any{}
		for name, asset := range assets {
			members[name] = asset
		}
		results.Archive, err = resource.NewAssetArchive(members)
		return err
	}
	return nil
}

// find gives the files below dir that the last matching pattern includes, by their path below dir.
func find(dir string, patterns []string) (map[string]*resource.Asset, error) {
	rules, err := parse(patterns)
	if err != nil {
		return nil, err
	}
	found := map[string]*resource.Asset{}
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !included(rules, name) {
			return err
		}
		found[name], err = resource.NewPathAsset(path.Join(dir, name))
		return err
	})
	return found, err
}

func parse(patterns []string) ([]rule, error) {
	var rules []rule
	for _, pattern := range patterns {
		text, exclude := strings.CutPrefix(pattern, "!")
		compiled, err := glob.Compile(text, '/')
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", pattern, err)
		}
		rules = append(rules, rule{compiled, exclude})
	}
	return rules, nil
}

func included(rules []rule, name string) bool {
	result := false
	for _, rule := range rules {
		if rule.pattern.Match(name) {
			result = !rule.exclude
		}
	}
	return result
}
