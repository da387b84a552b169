// Package local holds the resource and the function that run commands on this machine.
package local

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"dallinger.invalid/pulumi-resource-command/internal/lifecycle"
	"dallinger.invalid/pulumi-resource-command/internal/output"
)

// graceAfterTerm is how long a command that is to be stopped has after signal TERM.
const graceAfterTerm = 5 * time.Second

// Settings are the arguments that the resource and the function have in common.
type Settings struct {
	Dir                    *string           `pulumi:"dir,optional"`
	Interpreter            *[]string         `pulumi:"interpreter,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Logging                *Logging          `pulumi:"logging,optional"`
	AssetPaths             *[]string         `pulumi:"assetPaths,optional"`
	ArchivePaths           *[]string         `pulumi:"archivePaths,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// Results are the outputs that the resource and the function have in common.
type Results struct {
	Stdout  string                           `pulumi:"stdout"`
	Stderr  string                           `pulumi:"stderr"`
	Assets  *map[string]types.AssetOrArchive `pulumi:"assets,optional"`
	Archive *resource.Archive                `pulumi:"archive,optional"`
}

// run runs command, giving it the results of the run before, and puts its own in their place.
func (s Settings) run(ctx context.Context, command string, results *Results) error {
	if command == "" {
		return nil
	}
	dir, err := s.directory()
	if err != nil {
		return err
	}
	capture := output.NewCapture(ctx, output.Mode(value(s.Logging)))
	process := s.process(ctx, command, results)
	process.Dir, process.Stdout, process.Stderr = dir, capture.Stdout(), capture.Stderr()
	err = finish(ctx, process)
	stdout, stderr := capture.Results()
	if err != nil {
		return capture.Failure(err, command)
	}
	results.Stdout, results.Stderr = stdout, stderr
	return s.collect(dir, results)
}

func (s Settings) directory() (string, error) {
	if dir := value(s.Dir); dir != "" {
		return dir, nil
	}
	return os.Getwd()
}

func (s Settings) process(ctx context.Context, command string, previous *Results) *exec.Cmd {
	line := []string{"/bin/sh", "-c"}
	if given := value(s.Interpreter); len(given) > 0 {
		line = slices.Clone(given)
	}
	line = append(line, command)
	process := exec.CommandContext(ctx, line[0], line[1:]...)
	process.Env = os.Environ()
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		process.Env = append(process.Env, name+"="+s.Environment[name])
	}
	variables, warnings := lifecycle.Previous(s.AddPreviousOutputInEnv, previous.Stdout, previous.Stderr)
	for _, variable := range variables {
		process.Env = append(process.Env, variable.Name+"="+variable.Value)
	}
	for _, warning := range warnings {
		p.GetLogger(ctx).Warning(warning)
	}
	if stdin := value(s.Stdin); stdin != "" {
		process.Stdin = strings.NewReader(stdin)
	}
	return process
}

// finish waits for the process. When ctx ends, it ends the process and everything that it started.
func finish(ctx context.Context, process *exec.Cmd) error {
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var processes family
	process.Cancel = func() error {
		processes = familyOf(process.Process.Pid)
		return processes.signal(syscall.SIGTERM)
	}
	process.WaitDelay = graceAfterTerm
	err := process.Run()
	if err == nil || ctx.Err() == nil || process.Process == nil {
		return err
	}
	_ = processes.signal(syscall.SIGKILL)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("the time limit of the operation (customTimeouts) is over, the command was stopped: %w", err)
	}
	return fmt.Errorf("the operation was cancelled, the command was stopped: %w", err)
}

func value[T any](optional *T) T {
	if optional == nil {
		var none T
		return none
	}
	return *optional
}
