package remote

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
	"github.com/pulumi/pulumi-go-provider/infer/types"
)

// upload copies source to destination. A folder without a final slash lands below destination under its own name, the
// content of one with a final slash directly in it; a file lands below destination if that is a folder, else there.
func upload(l *link, source types.AssetOrArchive, destination string) error {
	client, err := sftp.NewClient(l.client)
	if err != nil {
		return fmt.Errorf("%s offers no sftp: %w", l.target, err)
	}
	defer func() { _ = client.Close() }()
	if source.Asset != nil && source.Asset.IsText() {
		return uploadText(client, source.Asset.Text, destination)
	}
	local := localPath(source)
	info, err := os.Stat(local)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return uploadFolder(client, local, destination)
	}
	if existing, err := stat(client, destination); err != nil {
		return err
	} else if existing != nil && existing.IsDir() {
		destination = path.Join(destination, filepath.Base(local))
	}
	return uploadFile(client, local, destination)
}

func localPath(source types.AssetOrArchive) string {
	if source.Asset != nil {
		return source.Asset.Path
	}
	return source.Archive.Path
}

func uploadText(client *sftp.Client, text, destination string) error {
	existing, err := stat(client, destination)
	if err != nil {
		return err
	}
	if existing != nil && existing.IsDir() {
		return fmt.Errorf("%s is a folder: remotePath of a StringAsset has to name a file", destination)
	}
	return write(client, strings.NewReader(text), destination)
}

func uploadFolder(client *sftp.Client, local, destination string) error {
	if !strings.HasSuffix(local, "/") {
		destination = path.Join(destination, filepath.Base(local))
	}
	return filepath.WalkDir(local, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(local, name)
		if err != nil {
			return err
		}
		target := path.Join(destination, filepath.ToSlash(below))
		if !entry.IsDir() {
			return uploadFile(client, name, target)
		}
		if err := client.MkdirAll(target); err != nil {
			return fmt.Errorf("making the folder %s on the server: %w", target, err)
		}
		return nil
	})
}

func uploadFile(client *sftp.Client, local, destination string) error {
	file, err := os.Open(local)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return write(client, file, destination)
}

func write(client *sftp.Client, from io.Reader, destination string) error {
	file, err := client.Create(destination)
	if err != nil {
		return fmt.Errorf("writing %s on the server: %w", destination, err)
	}
	_, err = file.ReadFrom(from)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing %s on the server: %w", destination, err)
	}
	return nil
}

// stat gives nil without an error if there is nothing at the path.
func stat(client *sftp.Client, name string) (fs.FileInfo, error) {
	info, err := client.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking at %s on the server: %w", name, err)
	}
	return info, nil
}
