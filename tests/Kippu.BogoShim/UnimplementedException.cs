namespace Kippu.BogoShim;

/// <summary>The test asks for something that Kippu does not have: it is skipped.</summary>
internal sealed class UnimplementedException(string what) : Exception($"not implemented: {what}");
