package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"dallinger.invalid/pulumi-resource-command/internal/lifecycle"
	"dallinger.invalid/pulumi-resource-command/internal/output"
)

// execution is one run of a command on a server.
type execution struct {
	command     string
	stdin       string
	environment map[string]string
	optional    []lifecycle.Variable
}

// run runs the command over the link until it ends or ctx does.
func (e execution) run(ctx context.Context, l *link, capture *output.Capture) error {
	session, err := e.start(ctx, l, capture)
	if err != nil {
		if ctx.Err() != nil {
			err = stopped(ctx)
		}
		return err
	}
	defer func() { _ = session.Close() }()
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	select {
	case err = <-ended:
		return describeEnd(l.target, err)
	case <-ctx.Done():
		return fmt.Errorf("%w: %s", stopped(ctx), stop(session, l, ended))
	}
}

// start does what has to go over the wire before the command runs; the end of ctx breaks it off.
func (e execution) start(ctx context.Context, l *link, capture *output.Capture) (*ssh.Session, error) {
	release := context.AfterFunc(ctx, l.close)
	defer release()
	session, err := l.client.NewSession()
	if err != nil {
		return nil, fmt.Errorf("%s refuses a session: %w", l.target, err)
	}
	if err := e.setEnvironment(ctx, session); err != nil {
		_ = session.Close()
		return nil, err
	}
	session.Stdout, session.Stderr = capture.Stdout(), capture.Stderr()
	if err := e.startCommand(session); err != nil {
		_ = session.Close()
		return nil, fmt.Errorf("%s does not start the command: %w", l.target, err)
	}
	return session, nil
}

// startCommand feeds stdin by itself: left to the session, a command that ends without reading all of it counts as
// failed.
func (e execution) startCommand(session *ssh.Session) error {
	if e.stdin == "" {
		return session.Start(e.command)
	}
	stdin, err := session.StdinPipe()
	if err != nil {
		return err
	}
	if err := session.Start(e.command); err != nil {
		return err
	}
	go func() {
		_, _ = io.WriteString(stdin, e.stdin)
		_ = stdin.Close()
	}()
	return nil
}

func (e execution) setEnvironment(ctx context.Context, session *ssh.Session) error {
	for _, name := range slices.Sorted(maps.Keys(e.environment)) {
		if err := session.Setenv(name, e.environment[name]); err != nil {
			return fmt.Errorf("the server refuses the environment variable %s (%w): add it to AcceptEnv in its "+
				"sshd_config, or set it in the command", name, err)
		}
	}
	for _, variable := range e.optional {
		if err := session.Setenv(variable.Name, variable.Value); err != nil {
			p.GetLogger(ctx).Warningf("the server refuses the environment variable %s (%v): add it to AcceptEnv in its "+
				"sshd_config, or set addPreviousOutputInEnv to false", variable.Name, err)
		}
	}
	return nil
}

// describeEnd makes clear that a command whose end was never reported may still be running, and what to do about it.
func describeEnd(t target, err error) error {
	var missing *ssh.ExitMissingError
	if errors.As(err, &missing) || errors.Is(err, io.EOF) {
		return fmt.Errorf("the connection to %s was lost, and the command may still be at work there: once the server "+
			"can be reached, run the same pulumi command again, which waits for it and goes on", t)
	}
	return err
}
