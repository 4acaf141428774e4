namespace Kippu.Cli.Output;

/// <summary>What a piece of text is, from which a terminal's colour follows.</summary>
internal enum Tone
{
    Plain,
    Heading,
    Quiet,
    Client,
    Server,
    Remark,
    Good,
    Bad,
}
