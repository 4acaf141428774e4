using Kippu.Cli;
using Kippu.Cli.Output;

return await CommandLine.RunAsync(args, new Screen(Console.Out, Console.Error)).ConfigureAwait(false);
