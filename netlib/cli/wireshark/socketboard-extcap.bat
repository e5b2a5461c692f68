@echo off
rem Lets Wireshark list Socketboard among its interfaces: copy this to the folder of personal extcaps
rem (Wireshark: Help, About, Folders). Where socketboard is not on the path, write its path here,
rem of the packaged program that of socketboard-cli.exe.
if not defined SOCKETBOARD set SOCKETBOARD=socketboard
"%SOCKETBOARD%" extcap %*
