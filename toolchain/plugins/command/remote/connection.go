// Package remote holds the resources that work on a server through ssh.
package remote

import (
	"github.com/pulumi/pulumi-go-provider/infer"
)

// The defaults of a connection; the npm package of the SDK fills in the same ones.
const (
	defaultUser           = "root"
	defaultPort           = 22
	defaultDialErrorLimit = 10
	defaultPerDialTimeout = 15
)

// Endpoint is what a server and the bastion host before it have in common.
type Endpoint struct {
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
}

func (e *Endpoint) annotate(a infer.Annotator) {
	a.Describe(&e.Host, "The address or name to connect to.")
	a.Describe(&e.Port, "The TCP port of sshd.")
	a.SetDefault(&e.Port, float64(defaultPort))
	a.Describe(&e.User, "The user to log in as.")
	a.SetDefault(&e.User, defaultUser)
	a.Describe(&e.Password, "The password to log in with.")
	a.Describe(&e.PrivateKey, "The text of the private key to log in with; it is tried before the password.")
	a.Describe(&e.PrivateKeyPassword, "The passphrase of an encrypted private key.")
	a.Describe(&e.AgentSocketPath, "The socket of the ssh agent. Default: the environment variable SSH_AUTH_SOCK.")
	a.Describe(&e.DialErrorLimit, "How many failed attempts to connect are allowed; -1 means any number.")
	a.SetDefault(&e.DialErrorLimit, defaultDialErrorLimit)
	a.Describe(&e.PerDialTimeout, "Seconds for each attempt to connect; 0 means no limit.")
	a.SetDefault(&e.PerDialTimeout, defaultPerDialTimeout)
	a.Describe(&e.HostKey, "The host key to expect, in the format of authorized_keys. Without it any key is accepted.")
}

// Connection says how to reach a server.
type Connection struct {
	Endpoint
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// Annotate describes the connection in the schema.
func (c *Connection) Annotate(a infer.Annotator) {
	a.Describe(c, "How to reach a server by ssh.")
	c.annotate(a)
	a.Describe(&c.Proxy, "The bastion host to go through.")
}

// ProxyConnection says how to reach the bastion host before a server.
type ProxyConnection struct {
	Endpoint
}

// Annotate describes the bastion host in the schema.
func (c *ProxyConnection) Annotate(a infer.Annotator) {
	a.Describe(c, "How to reach the bastion host before a server by ssh.")
	c.annotate(a)
}
