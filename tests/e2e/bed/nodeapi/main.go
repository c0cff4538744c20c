// Command nodeapi serves the part of a kubelet's HTTPS interface that kubectl exec, kubectl logs
// and the conformance suites use, on top of the container engine's own exec and logs.
//
// On a Unix socket it runs readiness probes from the node's network for the stand-in:
// GET /probe?url=URL&timeout=1s or /probe?tcp=HOST:PORT&timeout=1s answers 200 or 503.
//
// Usage: nodeapi CLUSTER SOCKET   (in the node's network; ends when its standard input ends)
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

const port = ":10250"

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: nodeapi CLUSTER SOCKET")
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	go serveProbes(os.Args[2])
	api := nodeAPI{cluster: os.Args[1]}
	mux := http.NewServeMux()
	mux.HandleFunc("/exec/{namespace}/{pod}/{container}", api.exec)
	mux.HandleFunc("/exec/{namespace}/{pod}/{uid}/{container}", api.exec)
	mux.HandleFunc("/containerLogs/{namespace}/{pod}/{container}", api.logs)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	certificate, err := selfSigned()
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:      port,
		Handler:   mux,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
		// SPDY upgrades need HTTP/1.1, so HTTP/2 is not offered.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	log.Fatal(server.ListenAndServeTLS("", ""))
}

type nodeAPI struct{ cluster string }

// find returns the engine's id of a Pod's container, running or not, by the bed's label.
func (a nodeAPI) find(r *http.Request) (string, error) {
	name := r.PathValue("namespace") + "/" + r.PathValue("pod") + "/" + r.PathValue("container")
	label := "label=berth.dev/bed-container=" + a.cluster + "/" + name
	out, err := exec.Command("docker", "ps", "-aq", "--latest", "--filter", label).Output()
	if err != nil {
		return "", fmt.Errorf("cannot list containers: %w", err)
	}
	id := strings.TrimSpace(string(out))
	if id == "" {
		return "", fmt.Errorf("container %q not found", name)
	}
	return id, nil
}

func (a nodeAPI) exec(w http.ResponseWriter, r *http.Request) {
	id, err := a.find(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	remotecommand.ServeExec(w, r, executor{}, "", "", id, r.URL.Query()["command"], options,
		time.Hour, 30*time.Second, remotecommand.SupportedStreamingProtocols)
}

func (a nodeAPI) logs(w http.ResponseWriter, r *http.Request) {
	id, err := a.find(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	args := []string{"logs"}
	if since := r.FormValue("sinceTime"); since != "" {
		args = append(args, "--since", since)
	}
	if tail := r.FormValue("tailLines"); tail != "" {
		args = append(args, "--tail", tail)
	}
	if r.FormValue("timestamps") == "true" {
		args = append(args, "--timestamps")
	}
	if r.FormValue("follow") == "true" {
		args = append(args, "--follow")
	}
	command := exec.CommandContext(r.Context(), "docker", append(args, id)...)
	out := flushing{w}
	command.Stdout, command.Stderr = out, out
	if err := command.Run(); err != nil {
		log.Printf("logs of %s: %v", id, err)
	}
}

// flushing sends each write at once, so that followed logs arrive while the container runs.
type flushing struct{ http.ResponseWriter }

func (f flushing) Write(b []byte) (int, error) {
	n, err := f.ResponseWriter.Write(b)
	http.NewResponseController(f.ResponseWriter).Flush()
	return n, err
}

type executor struct{}

func (executor) ExecInContainer(
	ctx context.Context, _, _, id string, cmd []string, in io.Reader, out, errOut io.WriteCloser,
	_ bool, _ <-chan remotecommand.TerminalSize, _ time.Duration,
) error {
	command := exec.CommandContext(ctx, "docker", append([]string{"exec", "-i", id}, cmd...)...)
	command.Stdin, command.Stdout, command.Stderr = in, out, errOut
	err := command.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return utilexec.CodeExitError{Err: err, Code: failed.ExitCode()}
	}
	return err
}

// serveProbes answers on the socket; sockets belong to the file system, not to the network.
func serveProbes(socket string) {
	os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/probe", func(w http.ResponseWriter, r *http.Request) {
		timeout, err := time.ParseDuration(r.FormValue("timeout"))
		if err != nil {
			timeout = time.Second
		}
		if err := probe(r, timeout); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	log.Fatal(http.Serve(listener, mux))
}

func probe(r *http.Request, timeout time.Duration) error {
	if address := r.FormValue("tcp"); address != "" {
		conn, err := net.DialTimeout("tcp", address, timeout)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	client := http.Client{Timeout: timeout, Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
	}}
	answer, err := client.Get(r.FormValue("url"))
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode >= 400 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

// selfSigned makes a serving certificate; the API server does not verify a kubelet's by default.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(0, 1, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
