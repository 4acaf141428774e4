using System.Reflection;
using System.Reflection.Emit;

namespace Kippu.Tests.Architecture;

/// <summary>What the members of a type name: in their signatures, and in the instructions of their bodies.</summary>
internal static class TypeReferences
{
    public const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Every type that <paramref name="type"/>, or a type nested in it, refers to, with the member that does.</summary>
    /// <param name="type">A type of the library.</param>
    /// <param name="intoDelegates">
    /// Whether the type arguments and the signature of a delegate count as references of who holds it. A delegate is a way to be told about a
    /// type without having to do with it.
    /// </param>
    public static IEnumerable<(Type Type, string Member)> Of(Type type, bool intoDelegates = true) =>
        Raw(type).SelectMany(reference => Flatten(reference.Type, intoDelegates).Select(part => (part, reference.Member)));

    /// <summary>The methods, constructors and lambdas of a type and of the types nested in it.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMembers(Declared).OfType<MethodBase>().Concat(type.GetNestedTypes(Declared).SelectMany(Methods));

    /// <summary>The types, methods and fields that the instructions of a method name.</summary>
    public static IEnumerable<MemberInfo> Instructions(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
        {
            yield break;
        }

        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? s_opCodes[unchecked((short)(0xFE00 | il[at + 1]))] : s_opCodes[il[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return Resolve(method, BitConverter.ToInt32(il, at));
            }

            at += OperandSize(code.OperandType, il, at);
        }
    }

    private static IEnumerable<(Type Type, string Member)> Raw(Type type)
    {
        var parents = type.GetInterfaces().Append(type.BaseType).Concat(type.GetGenericArguments().SelectMany(a => a.GetGenericParameterConstraints()));
        var attributes = type.GetCustomAttributesData().Select(attribute => attribute.AttributeType);
        foreach (var parent in parents.Concat(attributes).OfType<Type>())
        {
            yield return (parent, type.Name);
        }

        foreach (var field in type.GetFields(Declared))
        {
            yield return (field.FieldType, $"{type.Name}.{field.Name}");
        }

        foreach (var method in type.GetMembers(Declared).OfType<MethodBase>())
        {
            foreach (var reference in OfMethod(method))
            {
                yield return (reference, $"{type.Name}.{method.Name}");
            }
        }

        foreach (var reference in type.GetNestedTypes(Declared).SelectMany(Raw))
        {
            yield return (reference.Type, $"{type.Name}+{reference.Member}");
        }
    }

    private static IEnumerable<Type> OfMethod(MethodBase method)
    {
        var signature = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (method is MethodInfo { ReturnType: var result })
        {
            signature = signature.Append(result);
        }

        var locals = method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [];
        return signature.Concat(locals).Concat(Instructions(method).SelectMany(OfInstruction));
    }

    private static IEnumerable<Type> OfInstruction(MemberInfo member)
    {
        switch (member)
        {
            case Type type:
                yield return type;
                break;
            case FieldInfo field:
                yield return field.DeclaringType!;
                yield return field.FieldType;
                break;
            case MethodBase method:
                yield return method.DeclaringType!;
                foreach (var argument in method.IsGenericMethod ? method.GetGenericArguments() : [])
                {
                    yield return argument;
                }

                break;
        }
    }

    private static IEnumerable<Type> Flatten(Type type, bool intoDelegates)
    {
        if (type.HasElementType)
        {
            return Flatten(type.GetElementType()!, intoDelegates);
        }

        if (type.IsGenericParameter || type.IsFunctionPointer)
        {
            return [];
        }

        if (!type.IsGenericType || (!intoDelegates && type.IsSubclassOf(typeof(Delegate))))
        {
            return [type];
        }

        return type.GetGenericArguments().SelectMany(argument => Flatten(argument, intoDelegates)).Append(type.GetGenericTypeDefinition());
    }

    private static MemberInfo Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod)!;
    }

    private static int OperandSize(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };
}
