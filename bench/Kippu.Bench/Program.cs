using System.Runtime.Versioning;
using Kippu.Bench.Compare;
using Kippu.Bench.Micro;
using Kippu.Bench.Peers;

[assembly: SupportedOSPlatform("linux")]

const string Usage = """
    usage: Kippu.Bench micro [--quick] [BenchmarkDotNet's options]     the rooms by themselves
           Kippu.Bench compare [--rounds N] [--seconds S] [--idle N]   TlsStream and SslStream, side by side
           Kippu.Bench peers                                           one stack of bench-peers; BENCH_* in the environment
    """;

return args is [var command, .. var rest]
    ? command switch
    {
        "micro" => MicroCommand.Run(rest),
        "compare" => CompareCommand.Run(rest),
        "peers" => PeersCommand.Run(),
        _ => Complain(),
    }
    : Complain();

static int Complain()
{
    Console.Error.WriteLine(Usage);
    return 2;
}
