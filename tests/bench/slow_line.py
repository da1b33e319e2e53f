"""A line to a server that takes its time: passes bytes on, each way so many milliseconds later.

    python tests/bench/slow_line.py PORT_OF_THE_SERVER MILLISECONDS [KBIT_A_SECOND]

prints the port on which it listens and goes on until it is killed. Each way carries so many kbit/s, without a limit if
none is given.
"""

import asyncio
import sys

PIECE = 512
"""So many bytes go on at a time where the line carries only so many."""


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float, a_second: float | None
) -> None:
    """Passes what comes in on, later, in its order, so many bytes a second; what was on the way when the other side
    left is passed on too."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def take() -> None:
        data = b"-"
        while data:
            data = await reader.read(PIECE if a_second else 65_536)
            await waiting.put((loop.time() + seconds, data))

    free = 0.0
    taking = asyncio.create_task(take())
    try:
        while True:
            moment, data = await waiting.get()
            if not data:
                break
            await asyncio.sleep(moment - loop.time())
            if a_second:
                free = max(free, loop.time()) + len(data) / a_second
                await asyncio.sleep(free - loop.time())
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # the other side has left
    finally:
        taking.cancel()
        writer.close()


async def main(port: int, seconds: float, a_second: float | None) -> None:
    """Listens and passes on."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            _pass_on(reader, server_writer, seconds, a_second),
            _pass_on(server_reader, writer, seconds, a_second),
            return_exceptions=True,
        )

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    carries = float(sys.argv[3]) * 1000 / 8 if len(sys.argv) > 3 else None
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000, carries))
