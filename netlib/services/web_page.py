"""The page of the web service: one file, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from typing import Final

PAGE: Final = """<!DOCTYPE html>
<html lang="zh-CN">
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
<p>这个网页经由一条 TCP 连接传来。<br>
<span lang="en">This page came over one TCP connection.</span></p>

<section>
<h2>你的浏览器发送了什么？ <span lang="en">What did your browser send?</span></h2>
<p>打开 <a href="/echo"><code>/echo</code></a>，服务器会送回它解析后的请求：
请求行、首部、空行。<br>
<span lang="en"><a href="/echo"><code>/echo</code></a> sends back the request as the server parsed
it: request line, headers, blank line.</span></p>
</section>

<section>
<h2>带正文的请求 <span lang="en">A request with a body</span></h2>
<form method="post" action="/echo">
<label for="text">写点什么，用 POST 发给服务器 · <span lang="en">Write something and POST
it</span></label>
<input id="text" name="text" value="你好，世界" autocomplete="off">
<button type="submit">发送 <span lang="en">Send</span></button>
</form>
</section>
</body>
</html>
""".encode()
