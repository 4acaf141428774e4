using System.Reflection;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Architecture;

/// <summary>A length that nobody checks is how TLS stacks die: whoever opens a reader must come to its end.</summary>
public sealed class ParsersTests
{
    [Fact]
    public void Who_opens_a_reader_in_Wire_insists_on_its_end() => Violations.None(
        from method in Openers()
        where !TypeReferences.Instructions(method).Any(IsEnding)
        select $"{Name(method)} opens a TlsReader and never calls ExpectEnd");

    private static IEnumerable<MethodBase> Openers() =>
        from type in Room.Types
        where Room.Of(type) == "Wire"
        from method in TypeReferences.Methods(type)
        where TypeReferences.Instructions(method).Any(IsOpening)
        select method;

    private static bool IsOpening(MemberInfo member) => member is ConstructorInfo { DeclaringType: { } type } && type == typeof(TlsReader);

    private static bool IsEnding(MemberInfo member) =>
        member is MethodInfo { Name: nameof(TlsReader.ExpectEnd) or nameof(TlsReader.ReadRest) } method && method.DeclaringType == typeof(TlsReader);

    private static string Name(MethodBase method) =>
        $"{method.DeclaringType!.FullName}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
}
