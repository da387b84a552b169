package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

func fileAsset(t *testing.T, path string) resource.PropertyValue {
	t.Helper()
	asset, err := resource.NewPathAsset(path)
	wantSuccess(t, err)
	return resource.NewProperty(asset)
}

func textAsset(t *testing.T, content string) resource.PropertyValue {
	t.Helper()
	asset, err := resource.NewTextAsset(content)
	wantSuccess(t, err)
	return resource.NewProperty(asset)
}

func folder(t *testing.T, path string) resource.PropertyValue {
	t.Helper()
	archive, err := resource.NewPathArchive(path)
	wantSuccess(t, err)
	return resource.NewProperty(archive)
}

func startCopy(t *testing.T) (*enginetest.Resource, *sshtest.Server) {
	t.Helper()
	server := sshtest.Start(t)
	return startEngine(t).Resource(t, copyToRemote), server
}

func TestATextIsWrittenToAFile(t *testing.T) {
	t.Parallel()
	copied, server := startCopy(t)
	destination := inTemp(t, "file")
	given := values{"connection": connection(server), "source": textAsset(t, "one"), "remotePath": destination}
	wantSuccess(t, copied.Create(inputs(given)))
	wantFile(t, destination, "one")
	wantSuccess(t, copied.Update(inputs(given.with(values{"source": textAsset(t, "2")}))))
	wantFile(t, destination, "2")
	wantSuccess(t, copied.Delete())
	wantFile(t, destination, "2")
	err := copied.Create(inputs(given.with(values{"remotePath": filepath.Dir(destination)})))
	wantError(t, err, "is a folder", "remotePath")
	server.AwaitSessions(t, 0)
}

func TestAFileLandsInAFolderOrUnderTheGivenName(t *testing.T) {
	t.Parallel()
	copied, server := startCopy(t)
	source, there := inTemp(t, "source.bin"), t.TempDir()
	content := strings.Repeat("0123456789", 300_000)
	wantSuccess(t, os.WriteFile(source, []byte(content), 0o600))
	given := values{"connection": connection(server), "source": fileAsset(t, source), "remotePath": there}
	wantSuccess(t, copied.Create(inputs(given)))
	wantFile(t, filepath.Join(there, "source.bin"), content)
	wantSuccess(t, copied.Update(inputs(given.with(values{"remotePath": there + "/renamed"}))))
	wantFile(t, filepath.Join(there, "renamed"), content)
}

func TestAFolderLandsUnderItsNameAndWithAFinalSlashOnlyItsContent(t *testing.T) {
	t.Parallel()
	copied, server := startCopy(t)
	source, there := inTemp(t, "tree"), t.TempDir()
	wantSuccess(t, os.MkdirAll(filepath.Join(source, "a", "b"), 0o700))
	wantSuccess(t, os.WriteFile(filepath.Join(source, "a", "b", "leaf"), []byte("leaf"), 0o600))
	given := values{"connection": connection(server), "source": folder(t, source), "remotePath": there + "/new/deep"}
	wantSuccess(t, copied.Create(inputs(given)))
	wantFile(t, filepath.Join(there, "new", "deep", "tree", "a", "b", "leaf"), "leaf")
	given = given.with(values{"source": folder(t, source+"/"), "remotePath": there})
	wantSuccess(t, copied.Create(inputs(given)))
	wantFile(t, filepath.Join(there, "a", "b", "leaf"), "leaf")
	wantError(t, copied.Create(inputs(given.with(values{"remotePath": "/dev/null"}))), "/dev/null")
}

func TestACopyIsRepeatedForAnotherServerAndNotForTheSameOne(t *testing.T) {
	t.Parallel()
	copied, server := startCopy(t)
	another := sshtest.Start(t)
	destination := inTemp(t, "file")
	given := values{"connection": connection(server), "source": textAsset(t, "one"), "remotePath": destination}
	wantSuccess(t, copied.Create(inputs(given)))
	retried := connection(server).with(values{"dialErrorLimit": 5})
	wantSuccess(t, copied.Update(inputs(given.with(values{"connection": retried}))))
	if seen := server.Connections(t); seen != 1 {
		t.Errorf("%d connections for one copy", seen)
	}
	wantSuccess(t, os.Remove(destination))
	wantSuccess(t, copied.Update(inputs(given.with(values{"connection": connection(another)}))))
	wantFile(t, destination, "one")
}

func TestSourcesThatCannotBeCopiedAreRefusedBeforehand(t *testing.T) {
	t.Parallel()
	copied, server := startCopy(t)
	remoteAsset := &resource.Asset{Sig: resource.AssetSig, URI: "https://example.invalid/file", Hash: "known"}
	inMemory, err := resource.NewAssetArchive(map[string]any{})
	wantSuccess(t, err)
	for want, source := range map[string]resource.PropertyValue{
		"source: an asset has to be a FileAsset or a StringAsset": resource.NewProperty(remoteAsset),
		"source: an archive has to be a FileArchive":              resource.NewProperty(inMemory),
	} {
		given := values{"connection": connection(server), "source": source, "remotePath": "/tmp"}
		if found := copied.CheckFailures(inputs(given)); !strings.Contains(found, want) {
			t.Errorf("check says %q, not %q", found, want)
		}
	}
}
