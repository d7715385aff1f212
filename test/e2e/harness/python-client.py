# Lists the tools of a server and calls simple_echo, by the Python client: `python python-client.py URL` or COMMAND ARGS...
import asyncio
import json
import sys

from mcp import Client, StdioServerParameters


async def main(target: list[str]) -> None:
    [first, *rest] = target
    server = first if first.startswith("http") else StdioServerParameters(command=first, args=rest)
    async with Client(server) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        result = await client.call_tool("simple_echo", {"message": "hello"})
        print(json.dumps({"names": names, "text": result.content[0].text}))


asyncio.run(main(sys.argv[1:]))
