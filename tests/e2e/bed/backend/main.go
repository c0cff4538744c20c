// Command backend is the program behind the test Services. It tells who answered and who asked:
//
//	HTTP 8080  /        "<host name> <client address>"
//	           /healthz 200, or 503 after /fail until /recover
//	           /stream  the same line ten times a second until the client leaves
//	TCP  8082  sends "<host name> <client address>" and then echoes
//	UDP  8081  answers "<host name> <client address> <payload>"
//	SCTP 8083  sends "<host name> <client address>" and closes; only where the kernel has SCTP
//
// DRAIN_SECONDS lets it serve on after SIGTERM, as a server that drains its connections does.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

const protocolSCTP = 132

func main() {
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	go serveUDP(host)
	go serveTCP(host)
	go serveSCTP(host)
	go drain()
	log.Fatal(http.ListenAndServe(":8080", handler(host)))
}

func handler(host string) http.Handler {
	var failing atomic.Bool
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s\n", host, r.RemoteAddr)
	})
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		if failing.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/fail", func(http.ResponseWriter, *http.Request) { failing.Store(true) })
	mux.HandleFunc("/recover", func(http.ResponseWriter, *http.Request) { failing.Store(false) })
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for r.Context().Err() == nil {
			fmt.Fprintf(w, "%s %s\n", host, r.RemoteAddr)
			http.NewResponseController(w).Flush()
			<-tick.C
		}
	})
	return mux
}

func serveUDP(host string) {
	conn, err := net.ListenPacket("udp", ":8081")
	if err != nil {
		log.Fatal(err)
	}
	buffer := make([]byte, 65536)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err == nil {
			conn.WriteTo(fmt.Appendf(nil, "%s %s %s", host, from, buffer[:n]), from)
		}
	}
}

func serveTCP(host string) {
	listener, err := net.Listen("tcp", ":8082")
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			continue
		}
		go func() {
			defer conn.Close()
			fmt.Fprintf(conn, "%s %s\n", host, conn.RemoteAddr())
			io.Copy(conn, conn)
		}()
	}
}

// serveSCTP uses one-to-one sockets, which behave as TCP's do, so no library is needed.
func serveSCTP(host string) {
	fd, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM, protocolSCTP)
	if err != nil {
		log.Printf("no SCTP here: %v", err)
		return
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet6{Port: 8083}); err != nil {
		log.Printf("cannot bind SCTP: %v", err)
		return
	}
	if err := syscall.Listen(fd, 16); err != nil {
		log.Printf("cannot listen on SCTP: %v", err)
		return
	}
	for {
		conn, from, err := syscall.Accept(fd)
		if err != nil {
			continue
		}
		syscall.Write(conn, fmt.Appendf(nil, "%s %s\n", host, sctpAddress(from)))
		syscall.Close(conn)
	}
}

func sctpAddress(from syscall.Sockaddr) string {
	if six, ok := from.(*syscall.SockaddrInet6); ok {
		return net.JoinHostPort(net.IP(six.Addr[:]).String(), strconv.Itoa(six.Port))
	}
	return "unknown"
}

func drain() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	seconds, _ := strconv.Atoi(os.Getenv("DRAIN_SECONDS"))
	time.Sleep(time.Duration(seconds) * time.Second)
	os.Exit(0)
}
