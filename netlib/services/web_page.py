"""The page of the web service: one file, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from typing import Final

PAGE: Final = """<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Socketboard 插座板</title>
<style>
:root { color-scheme: light dark; --line: #8886; --accent: #2563c9; }
body { font: 17px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif;
  max-width: 40em; margin: 3em auto; padding: 0 1.2em; }
h1 { font-size: 1.7em; margin-bottom: 0; }
h1 + p { margin-top: .2em; opacity: .8; }
section { border: 1px solid var(--line); border-radius: 12px; padding: .4em 1.2em 1.2em;
  margin: 1.5em 0; }
code { font-family: ui-monospace, Consolas, Menlo, monospace; }
label { display: block; margin: .6em 0 .2em; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .4em .6em;
  border: 1px solid var(--line); border-radius: 8px; }
button { font: inherit; margin-top: 1em; padding: .4em 1.4em; color: #fff;
  background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
</style>
</head>
<body>
<h1>插座板 Socketboard</h1>
<p>这个网页是从一个 TCP 连接里读出来的。<br>
This page came through one TCP connection.</p>

<section>
<h2>你的浏览器说了什么？ What did your browser say?</h2>
<p>打开 <a href="/echo"><code>/echo</code></a>，服务器会把收到的请求原样送回：
请求行、首部、空行。<br>
<a href="/echo"><code>/echo</code></a> sends the request back as it came: request line, headers,
blank line.</p>
</section>

<section>
<h2>带正文的请求 A request with a body</h2>
<form method="post" action="/echo">
<label for="text">写点什么，用 POST 发给服务器 · Write something and POST it</label>
<input id="text" name="text" value="你好，世界" autocomplete="off">
<button type="submit">发送 Send</button>
</form>
</section>
</body>
</html>
""".encode()
