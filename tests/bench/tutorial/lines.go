// The tutorial's line server, written from the wire behaviour: a goroutine per client, a deadline
// before each read and each write, a line in the log for every accept, message and ending.
//
// Prints `listening on HOST:PORT` to standard output; the log goes to standard error.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

const (
	readTimeout  = 30 * time.Second
	writeTimeout = 10 * time.Second
)

func handle(conn net.Conn) {
	defer conn.Close()
	peer := conn.RemoteAddr()
	fmt.Fprintf(os.Stderr, "客户端 %s 已连接\n", peer)
	reader := bufio.NewReader(conn)
	for {
		conn.SetReadDeadline(time.Now().Add(readTimeout))
		message, err := reader.ReadString('\n')
		if err != nil {
			tell(peer, err)
			return
		}
		fmt.Fprintf(os.Stderr, "收到来自 %s 的消息: %s", peer, message)
		conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		if _, err = conn.Write([]byte("已接收: " + message)); err != nil {
			tell(peer, err)
			return
		}
	}
}

func tell(peer net.Addr, err error) {
	var timeout net.Error
	switch {
	case errors.Is(err, io.EOF):
		fmt.Fprintf(os.Stderr, "客户端 %s 已断开\n", peer)
	case errors.As(err, &timeout) && timeout.Timeout():
		fmt.Fprintf(os.Stderr, "客户端 %s 超时\n", peer)
	default:
		fmt.Fprintf(os.Stderr, "客户端 %s 出错: %v\n", peer, err)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", listener.Addr())
	for {
		conn, err := listener.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		go handle(conn)
	}
}
