using Kippu.Cli.Output;

namespace Kippu.Cli.Fleet;

/// <summary>Something that happened, in words.</summary>
/// <param name="At">When, from the first connection on.</param>
/// <param name="Text">What.</param>
/// <param name="Tone">How it is shown.</param>
internal sealed record FleetEvent(TimeSpan At, string Text, Tone Tone);
