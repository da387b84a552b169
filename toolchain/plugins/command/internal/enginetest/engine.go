// Package enginetest drives a provider through gRPC in the way the Pulumi engine does.
package enginetest

import (
	"context"
	"strings"
	"testing"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration/fake"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	comprovider "github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Engine holds a served provider and what it logs.
type Engine struct {
	Client rpc.ResourceProviderClient
	host   *fake.EngineServer
}

// Start serves the provider until the test ends.
func Start(t testing.TB, name, version string, provider p.Provider) *Engine {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	host := fake.NewEngineServer()
	address, _, err := fake.StartEngineServer(ctx, host)
	must(t, err)
	client, err := comprovider.NewHostClient(address)
	must(t, err)
	server, err := p.RawServer(name, version, provider)(client)
	must(t, err)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancelled(ctx),
		Init: func(registry *grpc.Server) error {
			rpc.RegisterResourceProviderServer(registry, server)
			return nil
		},
	})
	must(t, err)
	connection, err := grpc.NewClient(address127(handle.Port),
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	must(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	engine := &Engine{Client: rpc.NewResourceProviderClient(connection), host: host}
	_, err = engine.Client.Configure(ctx, &rpc.ConfigureRequest{AcceptSecrets: true, AcceptResources: true})
	must(t, err)
	return engine
}

// Logs is all that was logged so far, one message a line.
func (e *Engine) Logs() string {
	var text strings.Builder
	for _, entry := range e.host.Logs() {
		text.WriteString(entry.GetSeverity().String() + " " + entry.GetMessage() + "\n")
	}
	return text.String()
}

func cancelled(ctx context.Context) chan bool {
	channel := make(chan bool)
	go func() {
		<-ctx.Done()
		close(channel)
	}()
	return channel
}
