// The tutorial's UDP time server, written from the wire behaviour: one datagram at a time, each
// answered with the local time as RFC 3339, each with a line in the log.
//
// Prints `listening on HOST:PORT` to standard output; the log goes to standard error.
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", conn.LocalAddr())
	buffer := make([]byte, 1024)
	for {
		size, peer, err := conn.ReadFromUDP(buffer)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		fmt.Fprintf(os.Stderr, "收到来自 %s 的请求: %s\n", peer, buffer[:size])
		if _, err = conn.WriteToUDP([]byte(time.Now().Format(time.RFC3339)), peer); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}
