using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>A rule over tensors or models in a table: what tests do with any of them, without knowing which.</summary>
public abstract class TensorCase
{
    public abstract string Name { get; }

    public abstract Type Type { get; }

    /// <summary>The same rule with another decay.</summary>
    public abstract TensorCase With(WeightDecay decay);

    /// <summary>Adds parameters under the rule to an optimizer; where the rule is for matrices alone, the others under Adam.</summary>
    public abstract void AddTo<T>(Optimizer<T> optimizer, IReadOnlyList<Parameter<T>> parameters) where T : unmanaged,
        IFloatingPointIeee754<T>;

    public override string ToString() => Name;

    public static TensorCase Of<TRule>(TRule rule, string? name = null) where TRule : struct, ITensorRule =>
        new OfTensors<TRule>(rule, name ?? typeof(TRule).Name);

    public static TensorCase OfModel<TRule>(TRule rule, string? name = null) where TRule : struct, IModelRule =>
        new OfModels<TRule>(rule, name ?? typeof(TRule).Name);

    /// <summary>Matrices under the one, all others under the other.</summary>
    public static TensorCase Of<TRule, TOther>(TRule rule, TOther others) where TRule : struct, ITensorRule where TOther : struct, IRule =>
        new OfBoth<TRule, TOther>(rule, others);

    private sealed class OfTensors<TRule>(TRule rule, string name) : TensorCase where TRule : struct, ITensorRule
    {
        public override string Name => name;

        public override Type Type => typeof(TRule);

        public override TensorCase With(WeightDecay decay) => new OfTensors<TRule>(WithDecay(rule, decay), $"{name} {decay.Kind}");

        public override void AddTo<T>(Optimizer<T> optimizer, IReadOnlyList<Parameter<T>> parameters)
        {
            Parameter<T>[] taken = [.. parameters.Where(p => !TRule.MatricesOnly || p.Shape.Rank == 2)],
                rest = [.. parameters.Except(taken)];
            optimizer.AddGroup(rule, taken);
            if (rest.Length > 0)
            {
                optimizer.AddGroup(new Adam(), rest);
            }
        }
    }

    private sealed class OfModels<TRule>(TRule rule, string name) : TensorCase where TRule : struct, IModelRule
    {
        public override string Name => name;

        public override Type Type => typeof(TRule);

        public override TensorCase With(WeightDecay decay) => new OfModels<TRule>(WithDecay(rule, decay), $"{name} {decay.Kind}");

        public override void AddTo<T>(Optimizer<T> optimizer, IReadOnlyList<Parameter<T>> parameters) =>
            optimizer.AddGroup(rule, parameters);
    }

    private sealed class OfBoth<TRule, TOther>(TRule rule, TOther others) : TensorCase where TRule : struct, ITensorRule where TOther
        : struct, IRule
    {
        public override string Name => $"{typeof(TRule).Name} and {typeof(TOther).Name}";

        public override Type Type => typeof(TRule);

        public override TensorCase With(WeightDecay decay) => new OfBoth<TRule, TOther>(WithDecay(rule, decay), others);

        public override void AddTo<T>(Optimizer<T> optimizer, IReadOnlyList<Parameter<T>> parameters)
        {
            optimizer.AddGroup(rule, parameters.Where(p => p.Shape.Rank == 2));
            optimizer.AddGroup(others, parameters.Where(p => p.Shape.Rank != 2));
        }
    }

    private static TRule WithDecay<TRule>(TRule rule, WeightDecay decay) where TRule : struct
    {
        object boxed = rule;
        typeof(TRule).GetProperty(nameof(ITensorRule.WeightDecay))!.SetValue(boxed, decay);
        return (TRule)boxed;
    }
}
