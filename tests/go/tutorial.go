// The other end, in another language: what the wire behaviour asks of clients and servers.
//
//	tutorial dial ADDR          connect within two seconds, print "connected"
//	tutorial get ADDR           a raw HTTP/1.1 GET; the whole reply to standard output
//	tutorial lines              serve: every line comes back behind "已接收: "
//	tutorial talk ADDR          standard input to the server, what comes to standard output
//	tutorial clock              serve the time over UDP as RFC 3339
//	tutorial ask ADDR           ask for the time over UDP, print the answer
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

const patience = 2 * time.Second

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func dial(network, address string) net.Conn {
	conn, err := net.DialTimeout(network, address, patience)
	check(err)
	return conn
}

func get(address string) {
	conn := dial("tcp", address)
	request := "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: curl/7.55.1\r\nAccept: */*\r\n" +
		"Connection: close\r\n\r\n"
	_, err := fmt.Fprintf(conn, request, address)
	check(err)
	_, err = io.Copy(os.Stdout, conn)
	check(err)
}

func acknowledge(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return
		}
		if _, err = conn.Write(append([]byte("已接收: "), line...)); err != nil {
			return
		}
	}
}

func lines() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println("listening on", listener.Addr())
	for {
		conn, err := listener.Accept()
		check(err)
		go acknowledge(conn)
	}
}

func talk(address string) {
	conn := dial("tcp", address).(*net.TCPConn)
	go func() {
		_, err := io.Copy(conn, os.Stdin)
		check(err)
		check(conn.CloseWrite())
	}()
	_, err := io.Copy(os.Stdout, conn)
	check(err)
}

func clock() {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	check(err)
	fmt.Println("listening on", conn.LocalAddr())
	buffer := make([]byte, 65535)
	for {
		_, peer, err := conn.ReadFrom(buffer)
		check(err)
		_, err = conn.WriteTo([]byte(time.Now().Format(time.RFC3339)), peer)
		check(err)
	}
}

func ask(address string) {
	conn := dial("udp", address)
	_, err := conn.Write([]byte("获取时间"))
	check(err)
	check(conn.SetReadDeadline(time.Now().Add(patience)))
	buffer := make([]byte, 65535)
	size, err := conn.Read(buffer)
	check(err)
	os.Stdout.Write(buffer[:size])
}

func main() {
	address := ""
	if len(os.Args) > 2 {
		address = os.Args[2]
	}
	switch os.Args[1] {
	case "dial":
		dial("tcp", address)
		fmt.Println("connected")
	case "get":
		get(address)
	case "lines":
		lines()
	case "talk":
		talk(address)
	case "clock":
		clock()
	case "ask":
		ask(address)
	}
}
