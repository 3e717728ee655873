namespace Engine;

/// <summary>The types that elements may have.</summary>
internal static class ElementType
{
    /// <summary>The name in C#: "float" or "double".</summary>
    public static string NameOf<T>() => typeof(T) == typeof(float) ? "float" : "double";

    /// <summary>Throws unless <typeparamref name="T"/> is one of them: the constraints of <c>T</c> also admit Half and others.</summary>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Check<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"Engine: got the element type {typeof(T).Name}, expected float or double.");
        }
    }
}
