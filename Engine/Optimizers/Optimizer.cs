using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Makes optimizers: <c>Optimizer.For(new AdamW { LearningRate = 1e-3 }, model.Parameters)</c>.</summary>
public static class Optimizer
{
    /// <summary>An optimizer with one group: these parameters under this rule.</summary>
    /// <exception cref="ArgumentException">There are no parameters, one is there twice, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
    public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        Optimizer<T> optimizer = new();
        optimizer.AddGroup(rule, parameters);
        return optimizer;
    }
}

/// <summary>
/// Groups of parameters under their rules, and the step that takes them all forward in one sweep: clipping, decay, rule and the clearing of gradients in one pass over memory.
/// A warm step allocates nothing. A step that throws has changed nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Optimizer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Group<T>> _groups = [];
    private readonly List<Member<T>> _members = [];
    private readonly StepReport _report = new();
    private readonly SweepParts<T> _sweep = new();
    private Member<T>[] _byName = [];
    private double[] _norms = [];

    /// <summary>How gradients are kept small before the step.</summary>
    public GradientClip Clip { get; set; }

    /// <summary>What happens when a gradient is not finite.</summary>
    public NonFinite NonFinite { get; set; }

    /// <summary>Whether the loss is climbed instead of descended: the gradients' sign is turned before decay and rule.</summary>
    public bool Maximize { get; init; }

    /// <summary>Whether a step leaves the gradients as they are, instead of clearing them as it goes.</summary>
    public bool KeepGradients { get; init; }

    /// <summary>The groups, in the order in which they were added.</summary>
    public IReadOnlyList<Group<T>> Groups => _groups;

    /// <summary>What the last step did; the same object for all steps.</summary>
    public StepReport Report => _report;

    /// <summary>Adds parameters under a rule of their own. Works at any time: their state begins at their first step.</summary>
    /// <exception cref="ArgumentException">There are no parameters, one is there already, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
    public Group<T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule
    {
        ArgumentNullException.ThrowIfNull(parameters);
        List<Member<T>> added = [];
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter is null)
            {
                throw new ArgumentException($"AddGroup: got a null among the parameters of {typeof(TRule).Name}.", nameof(parameters));
            }
            if (_members.Concat(added).FirstOrDefault(m => ReferenceEquals(m.Parameter, parameter) || m.Parameter.Name == parameter.Name) is { } twin)
            {
                throw new ArgumentException(ReferenceEquals(twin.Parameter, parameter)
                    ? $"AddGroup: got the parameter '{parameter.Name}' twice, expected each once."
                    : $"AddGroup: got two parameters with the name '{parameter.Name}', expected different names: state is kept under them.", nameof(parameters));
            }
            added.Add(new Member<T>(parameter));
        }
        if (added.Count == 0)
        {
            throw new ArgumentException($"AddGroup: got no parameters for {typeof(TRule).Name}, expected at least one.", nameof(parameters));
        }
        RuleGroup<TRule, T> group = new(rule, [.. added]);
        _groups.Add(group);
        _members.AddRange(added);
        _byName = [.. _members.OrderBy(m => m.Parameter.Name, StringComparer.Ordinal)];
        _norms = new double[_members.Count];
        _report.Skipped.EnsureCapacity(_members.Count);
        return group;
    }

    /// <summary>Makes all gradients absent.</summary>
    public void ClearGradients()
    {
        foreach (Member<T> member in _members)
        {
            member.Parameter.ClearGradient();
        }
    }

    /// <summary>
    /// Takes every parameter that has a gradient one step on, and clears the gradients. A parameter without one is passed over: neither decay nor momentum moves it, and its count stays.
    /// </summary>
    /// <returns>What the step did; the object is used again by the next step.</returns>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scheduled hyper-parameter has left its range.</exception>
    public StepReport Step()
    {
        _report.Begin(_members, NonFinite != NonFinite.Propagate || Clip.MaximumNorm is not null ? GlobalNorm() : double.NaN);
        if (!double.IsFinite(_report.GradientNorm) && NonFinite != NonFinite.Propagate)
        {
            if (NonFinite == NonFinite.Throw)
            {
                throw new ArithmeticException($"Step: the gradient of '{FirstNonFinite().Parameter.Name}' is not finite; nothing was changed.");
            }
            _report.NonFiniteSteps++;
            _report.ClipCoefficient = 0;
            if (!KeepGradients)
            {
                ClearGradients();
            }
            return _report;
        }
        double coefficient = Clip.Coefficient(_report.GradientNorm);
        double clamp = Clip.MaximumValue ?? double.PositiveInfinity;
        foreach (Group<T> group in _groups)
        {
            group.Stage(Maximize ? -coefficient : coefficient, clamp);
        }
        _report.ClipCoefficient = coefficient;
        _report.LearningRate = _groups.Count == 0 ? double.NaN : _groups[0].LearningRate;
        _report.Steps++;
        _sweep.Run(_groups, clamp < double.PositiveInfinity);
        foreach (Group<T> group in _groups)
        {
            group.Update();
            group.Commit(KeepGradients);
        }
        return _report;
    }

    /// <summary>‖g‖₂ over all gradients there are, added in the order of the names so that the order of the parameters does not matter.</summary>
    internal unsafe double GlobalNorm()
    {
        int count = 0;
        foreach (Member<T> member in _byName)
        {
            if (member.Parameter.HasGradient)
            {
                _norms[count++] = member.SquaredNorm = Reduction.SumOfSquares(member.Parameter.Gradient.Span);
            }
        }
        fixed (double* norms = _norms)
        {
            return count == 0 ? 0 : Math.Sqrt(Reduction.Fold(norms, count));
        }
    }

    private Member<T> FirstNonFinite()
    {
        foreach (Member<T> member in _members)
        {
            if (member.Parameter.HasGradient && !double.IsFinite(member.SquaredNorm))
            {
                return member;
            }
        }
        return _members.First(m => m.Parameter.HasGradient); // each is finite, their sum is not
    }
}
