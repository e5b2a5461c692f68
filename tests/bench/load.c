/* The load generator: one thread, one epoll, every reply compared byte for byte.
 *
 *   load line  PORT CLIENTS WINDOW LENGTH SECONDS [echo]   WINDOW lines in flight per client
 *   load churn PORT CLIENTS 1 LENGTH SECONDS [echo]        connect, one line, its reply, close, again
 *   load idle  PORT CLIENTS 1 LENGTH 0 [echo]              one line each, then silence until stdin ends
 *   load stall PORT CLIENTS 1 LENGTH SECONDS               write and never read; then as idle
 *   load udp   PORT 1 WINDOW 12 SECONDS                    WINDOW time queries outstanding
 *   load blast PORT 1 1 LENGTH COUNT                       COUNT numbered datagrams, flat out
 *
 * A reply is the acknowledge prefix and the line; with `echo` the line alone. Prints one JSON
 * object: rates per second, latencies in microseconds. The first WARM_UP nanoseconds do not count.
 * Sources are 127.0.0.1 to .250 in turn, so that TIME_WAIT never exhausts the ports of one.
 *
 * What a client sends is one line for ever, what it gets is one reply for ever: both streams are
 * periodic. A counter of bytes is therefore all the state there is, and checking is one memcmp.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tally.h"

enum { EVENTS = 1024, BUFFER = 1 << 20, DATAGRAM = 2048, WAIT_MS = 100 };
enum { LOSS_MS = 200, SOURCES = 250 };
static const char PREFIX[] = "已接收: ", QUERY[] = "获取时间";

static void until_stdin_ends(void)
{
    char ignored[64];
    while (read(0, ignored, sizeof ignored) > 0)
        ;
}

/* ---- clients ---- */

struct client {
    int fd; /* -1: gone */
    bool connecting, blocked;
    uint64_t sent, owed, received; /* bytes; owed: how many shall have been sent */
    uint64_t *stamps;              /* when each line in flight was given away: a ring of `window` */
    uint32_t oldest, newest;
};

static struct tape line, reply;
static struct sockaddr_in server;
static int poller;
static uint32_t window;
static char buffer[BUFFER];

static void watch(struct client *c, int operation, uint32_t events)
{
    struct epoll_event event = {events, {.ptr = c}};
    if (epoll_ctl(poller, operation, c->fd, &event))
        fail("epoll");
}

static int open_socket(int flags)
{
    static unsigned turn;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | flags, 0);
    struct sockaddr_in source = {.sin_family = AF_INET};
    if (fd < 0)
        fail("socket");
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + turn++ % SOURCES);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (void *)&source, sizeof source))
        fail("bind");
    return fd;
}

static void drop(struct client *c)
{
    result.errors++;
    close(c->fd);
    c->fd = -1;
}

static void send_owed(struct client *c)
{
    while (c->sent < c->owed) {
        uint64_t left = c->owed - c->sent;
        ssize_t size = send(c->fd, at(&line, c->sent), left < line.reach ? left : line.reach,
                            MSG_NOSIGNAL);
        if (size < 0 && errno != EAGAIN) {
            drop(c);
            return;
        }
        if (size < 0)
            break;
        c->sent += (uint64_t)size;
    }
    if (c->blocked != (c->sent < c->owed)) {
        c->blocked = !c->blocked;
        watch(c, EPOLL_CTL_MOD, EPOLLIN | (c->blocked ? EPOLLOUT : 0));
    }
}

static void give(struct client *c, uint64_t lines)
{
    uint64_t now = now_ns();
    for (uint64_t i = 0; i < lines; i++) {
        c->stamps[c->newest] = now;
        c->newest = c->newest + 1 == window ? 0 : c->newest + 1;
    }
    c->owed += lines * line.period;
    send_owed(c);
}

/* Read once and compare; return how many replies were completed, -1 when the client is gone. */
static int64_t take(struct client *c)
{
    ssize_t size = recv(c->fd, buffer, reply.reach, 0);
    if (size < 0 && errno == EAGAIN)
        return 0;
    if (size <= 0) {
        drop(c);
        return -1;
    }
    if (memcmp(buffer, at(&reply, c->received), (size_t)size))
        result.errors++;
    uint64_t before = c->received / reply.period;
    c->received += (uint64_t)size;
    return (int64_t)(c->received / reply.period - before);
}

static void complete(struct client *c, int64_t replies)
{
    uint64_t now = now_ns();
    for (int64_t i = 0; i < replies; i++) {
        note(now - c->stamps[c->oldest], 1);
        c->oldest = c->oldest + 1 == window ? 0 : c->oldest + 1;
    }
}

static struct client *connect_all(int count)
{
    struct client *clients = calloc((size_t)count, sizeof *clients);
    uint64_t begun = now_ns();
    for (int i = 0; i < count; i++) {
        struct client *c = &clients[i];
        c->fd = open_socket(0);
        c->stamps = malloc(window * sizeof *c->stamps);
        if (connect(c->fd, (void *)&server, sizeof server))
            fail("connect %d", i);
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
    result.connect_seconds = (double)(now_ns() - begun) / 1e9;
    return clients;
}

/* ---- the modes ---- */

static void run_line(int count, double seconds)
{
    struct epoll_event events[EVENTS];
    struct client *clients = connect_all(count);
    for (int i = 0; i < count; i++)
        give(&clients[i], window);
    for (uint64_t start = now_ns(); measuring(start, seconds);) {
        int ready = epoll_wait(poller, events, EVENTS, WAIT_MS);
        for (int i = 0; i < ready; i++) {
            struct client *c = events[i].data.ptr;
            if (events[i].events & ~(uint32_t)EPOLLOUT) {
                int64_t replies = take(c);
                if (replies > 0) {
                    complete(c, replies);
                    give(c, (uint64_t)replies);
                }
            }
            if (c->fd >= 0 && events[i].events & EPOLLOUT)
                send_owed(c);
        }
    }
    print_result();
}

static void begin_churn(struct client *c)
{
    *c = (struct client){.fd = open_socket(SOCK_NONBLOCK), .connecting = true, .stamps = c->stamps};
    c->stamps[0] = now_ns(); /* the connection is part of the operation */
    if (connect(c->fd, (void *)&server, sizeof server) && errno != EINPROGRESS)
        fail("connect");
    watch(c, EPOLL_CTL_ADD, EPOLLOUT);
}

static void step_churn(struct client *c)
{
    if (c->connecting) {
        c->connecting = false;
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
        c->owed = line.period;
        send_owed(c);
    } else if (take(c) > 0) {
        note(now_ns() - c->stamps[0], 1);
        close(c->fd);
        c->fd = -1;
    }
    if (c->fd < 0)
        begin_churn(c);
}

static void run_churn(int count, double seconds)
{
    struct epoll_event events[EVENTS];
    struct client *clients = calloc((size_t)count, sizeof *clients);
    for (int i = 0; i < count; i++) {
        clients[i].stamps = malloc(sizeof *clients[i].stamps);
        begin_churn(&clients[i]);
    }
    for (uint64_t start = now_ns(); measuring(start, seconds);) {
        int ready = epoll_wait(poller, events, EVENTS, WAIT_MS);
        for (int i = 0; i < ready; i++)
            step_churn(events[i].data.ptr);
    }
    print_result();
}

static void run_idle(int count)
{
    struct epoll_event events[EVENTS];
    struct client *clients = connect_all(count);
    result.begun = now_ns();
    for (int i = 0; i < count; i++)
        give(&clients[i], 1);
    while (result.operations + result.errors < (uint64_t)count) {
        int ready = epoll_wait(poller, events, EVENTS, 10000);
        if (ready <= 0)
            break; /* printed as it is: the caller sees how many were answered */
        for (int i = 0; i < ready; i++)
            complete(events[i].data.ptr, take(events[i].data.ptr));
    }
    result.ended = now_ns();
    print_result();
    until_stdin_ends();
}

static void run_stall(int count, double seconds)
{
    struct client *clients = connect_all(count);
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    while (now_ns() < end) {
        for (int i = 0; i < count; i++)
            if (clients[i].fd >= 0) {
                clients[i].owed = clients[i].sent + line.reach;
                send_owed(&clients[i]);
            }
        usleep(2000);
    }
    for (int i = 0; i < count; i++)
        result.operations += clients[i].sent;
    print_result();
    until_stdin_ends();
}

static bool is_time(const char *text, ssize_t size)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    if (size != 20 && size != 25)
        return false;
    for (int i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    return size == 20 ? text[19] == 'Z' : (text[19] == '+' || text[19] == '-') && text[22] == ':';
}

static int open_datagrams(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    if (fd < 0 || connect(fd, (void *)&server, sizeof server))
        fail("connect");
    return fd;
}

static void query(struct client *c)
{
    c->stamps[c->newest] = now_ns();
    c->newest = c->newest + 1 == window ? 0 : c->newest + 1;
    if (send(c->fd, QUERY, sizeof QUERY - 1, 0) < 0)
        fail("send");
}

static void run_udp(double seconds)
{
    struct timeval patience = {0, LOSS_MS * 1000};
    struct client c = {.fd = open_datagrams(), .stamps = malloc(window * sizeof(uint64_t))};
    setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (uint32_t i = 0; i < window; i++)
        query(&c);
    for (uint64_t start = now_ns(); measuring(start, seconds);) {
        ssize_t size = recv(c.fd, buffer, DATAGRAM, 0);
        if (size >= 0) {
            result.errors += !is_time(buffer, size);
            complete(&c, 1);
            query(&c);
            continue;
        }
        result.errors += window; /* silence: all that was outstanding is lost */
        for (uint32_t i = 0; i < window; i++)
            query(&c);
    }
    print_result();
}

static void run_blast(int length, double count)
{
    int fd = open_datagrams();
    result.begun = now_ns();
    for (uint64_t i = 0; i < (uint64_t)count; i++) {
        memcpy(buffer, line.bytes, (size_t)length);
        snprintf(buffer, 9, "%08llu", (unsigned long long)i % 100000000u);
        if (send(fd, buffer, (size_t)length, 0) == length)
            result.operations++;
        else
            result.errors++;
    }
    result.ended = now_ns();
    print_result();
}

int main(int count, char **argument)
{
    if (count < 7) {
        fprintf(stderr, "usage: load MODE PORT CLIENTS WINDOW LENGTH SECONDS [echo]\n");
        return 2;
    }
    const char *mode = argument[1], *prefix = count > 7 ? "" : PREFIX;
    int clients = atoi(argument[3]), length = atoi(argument[5]);
    double seconds = atof(argument[6]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(argument[2])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    window = (uint32_t)atoi(argument[4]);
    line = make_tape("", (size_t)length, 256 << 10);
    reply = make_tape(prefix, (size_t)length, BUFFER);
    poller = epoll_create1(0);
    if (!strcmp(mode, "line"))
        run_line(clients, seconds);
    else if (!strcmp(mode, "churn"))
        run_churn(clients, seconds);
    else if (!strcmp(mode, "idle"))
        run_idle(clients);
    else if (!strcmp(mode, "stall"))
        run_stall(clients, seconds);
    else if (!strcmp(mode, "udp"))
        run_udp(seconds);
    else if (!strcmp(mode, "blast"))
        run_blast(length, seconds);
    else
        return 2;
    return 0;
}
