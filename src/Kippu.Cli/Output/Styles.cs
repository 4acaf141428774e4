using Spectre.Console;

namespace Kippu.Cli.Output;

/// <summary>The colour of each tone.</summary>
internal static class Styles
{
    private static readonly Style s_quiet = new(Color.Grey);
    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_client = new(Color.Aqua);
    private static readonly Style s_server = new(Color.Yellow);
    private static readonly Style s_remark = new(Color.Silver);
    private static readonly Style s_good = new(Color.Green);
    private static readonly Style s_bad = new(Color.Red, decoration: Decoration.Bold);

    public static Style Of(Tone tone) => tone switch
    {
        Tone.Heading => s_heading,
        Tone.Quiet => s_quiet,
        Tone.Client => s_client,
        Tone.Server => s_server,
        Tone.Remark => s_remark,
        Tone.Good => s_good,
        Tone.Bad => s_bad,
        _ => Style.Plain,
    };
}
