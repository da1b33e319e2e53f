"""A line to a server that takes its time: passes bytes on, each way so many milliseconds later.

    python tests/bench/slow_line.py PORT_OF_THE_SERVER MILLISECONDS

prints the port on which it listens and goes on until it is killed.
"""

import asyncio
import sys


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Passes what comes in on, later, in its order; what was on the way when the other side left is passed on too."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def take() -> None:
        data = b"-"
        while data:
            data = await reader.read(65_536)
            await waiting.put((loop.time() + seconds, data))

    taking = asyncio.create_task(take())
    try:
        while True:
            moment, data = await waiting.get()
            if not data:
                break
            await asyncio.sleep(moment - loop.time())
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # the other side has left
    finally:
        taking.cancel()
        writer.close()


async def main(port: int, seconds: float) -> None:
    """Listens and passes on."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            _pass_on(reader, server_writer, seconds), _pass_on(server_reader, writer, seconds), return_exceptions=True
        )

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000))
