using System.Numerics;

namespace Engine;

/// <summary>What is done with an elementwise group whose rule's type is not known.</summary>
internal interface IElementwiseGroupVisitor<T, TResult> where T : unmanaged, IFloatingPointIeee754<T>
{
    TResult Visit<TRule>(ElementwiseGroup<TRule, T> group) where TRule : struct, IRule;
}
