namespace Kippu.Cli.Ladders;

/// <summary>A field and what it holds.</summary>
internal sealed record Field(string Name, string Value);
