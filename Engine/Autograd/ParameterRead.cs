using System.Numerics;

namespace Engine;

/// <summary>One use of a parameter's value by a recorded operation, whose Backward may read the value again.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Version">The version of its value then.</param>
/// <param name="Node">The operation's number on the tape.</param>
internal readonly record struct ParameterRead<T>(Parameter<T> Parameter, int Version, int Node)
    where T : unmanaged, IFloatingPointIeee754<T>;
