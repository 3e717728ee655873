namespace Engine.Kernels;

/// <summary>The gradient of a reduction with respect to an element; <see cref="AxisGradient"/> is the loop.</summary>
internal interface IAxisGradient
{
    /// <summary>The gradient of x, from two numbers that belong to its place, such as the result and its gradient.</summary>
    L Of<L>(L x, L a, L b) where L : ILane<L>;
}
