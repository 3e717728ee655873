using System.Numerics;

namespace Engine;

/// <summary>
/// A part of a network: it holds the values that training changes (<see cref="Parameters"/>), the other state it keeps
/// (<see cref="Buffers"/>, <see cref="Counters"/>), and the modules inside it. The names in a module that is added to another are prefixed
/// with its name there, as in PyTorch: <c>0.weight</c>, <c>1.running_mean</c>. A derived class computes its output in a method of any
/// signature; one that turns one tensor into one tensor derives from <see cref="Layer{T}"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<(string Name, Parameter<T> Parameter)> _parameters = [];
    private readonly List<(string Name, NamedTensor<T> Buffer)> _buffers = [];
    private readonly List<(string Name, NamedCounter Counter)> _counters = [];
    private readonly List<(string Name, Module<T> Module)> _children = [];
    private Parameter<T>[]? _allParameters;
    private NamedTensor<T>[]? _allBuffers;
    private NamedCounter[]? _allCounters;
    private Module<T>? _parent;
    private string _path = "";
    private bool _training = true;

    /// <summary>A module with nothing in it.</summary>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    protected Module() => ElementType.Check<T>();

    /// <summary>
    /// The values that training changes: the module's own, then those of the modules inside, in the order they were added.
    /// </summary>
    public IReadOnlyList<Parameter<T>> Parameters =>
        _allParameters ??= [.. _parameters.Select(static p => p.Parameter), .. _children.SelectMany(static c => c.Module.Parameters)];

    /// <summary>Tensors that are saved with the module but not trained, such as running statistics.</summary>
    public IReadOnlyList<NamedTensor<T>> Buffers =>
        _allBuffers ??= [.. _buffers.Select(static b => b.Buffer), .. _children.SelectMany(static c => c.Module.Buffers)];

    /// <summary>Whole numbers that are saved with the module, such as the number of batches or steps it has seen.</summary>
    public IReadOnlyList<NamedCounter> Counters =>
        _allCounters ??= [.. _counters.Select(static c => c.Counter), .. _children.SelectMany(static c => c.Module.Counters)];

    /// <summary>
    /// Whether the module is in training mode, as a new one is, or in evaluation mode; setting it also sets the modules inside.
    /// </summary>
    public bool Training
    {
        get => _training;
        set
        {
            _training = value;
            foreach ((_, Module<T> module) in _children)
            {
                module.Training = value;
            }
        }
    }

    /// <summary>The modules inside this one, with their names, in the order they were added.</summary>
    public IEnumerable<(string Name, Module<T> Module)> Children => _children;

    /// <summary>This module and all inside it, however deep.</summary>
    internal IEnumerable<Module<T>> WithDescendants => _children.SelectMany(static child => child.Module.WithDescendants).Prepend(this);

    /// <summary>
    /// Initializes parameters by their role: biases, whose names contain <c>bias</c>, and weights, the others of two or more axes. The
    /// scales of normalization layers and parameters without an initializer are left as they are. If an initializer refuses a shape,
    /// nothing is changed.
    /// </summary>
    /// <param name="key">The key of the initial values; each parameter folds its name into it.</param>
    /// <param name="weights">The initializer of the weights, or null.</param>
    /// <param name="biases">The initializer of the biases, or null.</param>
    /// <exception cref="ArgumentException">An initializer refuses a shape.</exception>
    public void Initialize(RandomKey key, Initializer? weights = null, Initializer? biases = null)
    {
        List<(Parameter<T> Parameter, Tensor<T> Value)> values = [];
        foreach (Module<T> module in WithDescendants)
        {
            foreach ((string name, Parameter<T> parameter) in module._parameters)
            {
                Initializer? initializer = name.Contains("bias", StringComparison.Ordinal) ? biases
                    : module.IsWeight(parameter) ? weights : null;
                if (initializer is not null)
                {
                    values.Add((parameter, initializer.Create<T>(parameter.Shape, key.Fold(parameter.Name))));
                }
            }
        }
        foreach ((Parameter<T> parameter, Tensor<T> value) in values)
        {
            parameter.SetValue(value);
        }
        if (weights is not null)
        {
            foreach (Module<T> module in WithDescendants)
            {
                module.OnWeightsInitialized(key.Fold(module._path));
            }
        }
    }

    /// <summary>Whether <see cref="Initialize"/> takes a parameter of this module, which is no bias, for a weight.</summary>
    private protected virtual bool IsWeight(Parameter<T> parameter) => parameter.Shape.Rank >= 2;

    /// <summary>Makes what depends on the weights fit those that <see cref="Initialize"/> has set.</summary>
    private protected virtual void OnWeightsInitialized(RandomKey key)
    {
    }

    /// <summary>Makes all parameters constants: recordings give them no gradient, and no optimizer changes them.</summary>
    public void Freeze() => SetFrozen(true);

    /// <summary>Makes all parameters trainable again.</summary>
    public void Thaw() => SetFrozen(false);

    /// <summary>
    /// Copies the parameters, buffers and counters of another module with the same names and shapes: a target network, or a snapshot.
    /// </summary>
    /// <exception cref="ArgumentException">A name is missing or not expected, or a shape differs; nothing is changed.</exception>
    public void CopyFrom(Module<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        string[] mine = Entries(this), theirs = Entries(other);
        string[] missing = [.. mine.Except(theirs)], unexpected = [.. theirs.Except(mine)];
        if (missing.Length + unexpected.Length > 0)
        {
            throw new ArgumentException(
                $"CopyFrom: got a module without {List(missing)} and with {List(unexpected)}, expected one with the same names and shapes.",
                nameof(other));
        }
        // names are unique in a module, and the order may differ
        foreach (Parameter<T> parameter in Parameters)
        {
            parameter.SetValue(other.Parameters.First(p => other.NameInside(p.Name) == NameInside(parameter.Name)).Value);
        }
        foreach (NamedTensor<T> buffer in Buffers)
        {
            buffer.SetValue(other.Buffers.First(b => other.NameInside(b.Name) == NameInside(buffer.Name)).Value);
        }
        foreach (NamedCounter counter in Counters)
        {
            counter.Value = other.Counters.First(c => other.NameInside(c.Name) == NameInside(counter.Name)).Value;
        }

        static string[] Entries(Module<T> module) =>
            [
                .. module.Parameters.Select(p => $"{module.NameInside(p.Name)} {p.Shape}"),
                .. module.Buffers.Select(b => $"{module.NameInside(b.Name)} {b.Shape}"),
                .. module.Counters.Select(c => module.NameInside(c.Name))];

        static string List(string[] names) => names.Length == 0 ? "nothing else" : string.Join(", ", names);
    }

    /// <summary>
    /// Makes <see cref="Parameter{T}.Value"/> of the module's parameters give other tensors, such as those of a differentiable step, until
    /// the result is disposed. The parameters' own values and gradients stay, and are what optimizers update.
    /// </summary>
    /// <param name="values">A tensor for each of <see cref="Parameters"/>, in their order and of their shapes.</param>
    /// <exception cref="ArgumentException">There are more or fewer tensors than parameters, or a shape differs.</exception>
    /// <example>
    /// <code>
    /// using (model.Substitute([.. states.Select(state => state.Parameter)]))
    /// {
    ///     loss = model.Forward(x).MeanSquaredError(y);
    /// }
    /// </code>
    /// </example>
    public ParameterSubstitution<T> Substitute(params ReadOnlySpan<Tensor<T>> values) => new(Parameters, values);

    /// <summary>The name that something in this module has here, without those of the modules around this one.</summary>
    internal string NameInside(string name) => name[_path.Length..];

    private void SetFrozen(bool isFrozen)
    {
        foreach (Parameter<T> parameter in Parameters)
        {
            parameter.IsFrozen = isFrozen;
        }
    }

    /// <summary>The type's name, then a line for each module inside; derived classes say what they are in one line.</summary>
    public override string ToString() =>
        string.Join('\n', _children.Select(static c => $"{c.Name}: {c.Module}".ReplaceLineEndings("\n  "))
            .Select(static line => $"  {line}").Prepend(TypeName));

    /// <summary>The type's name without its type arguments.</summary>
    private protected string TypeName => GetType().Name.Split('`')[0];

    /// <summary>Adds a parameter.</summary>
    /// <param name="name">Its name in this module, without dots.</param>
    /// <param name="value">The initial value.</param>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken.</exception>
    protected Parameter<T> AddParameter(string name, in Tensor<T> value)
    {
        CheckName(name);
        Parameter<T> parameter = new(_path + name, value);
        _parameters.Add((name, parameter));
        Forget();
        return parameter;
    }

    /// <summary>Adds a tensor that is saved but not trained.</summary>
    /// <param name="name">Its name in this module, without dots.</param>
    /// <param name="value">The initial value.</param>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken.</exception>
    protected NamedTensor<T> AddBuffer(string name, in Tensor<T> value)
    {
        CheckName(name);
        NamedTensor<T> buffer = new(_path + name, value);
        _buffers.Add((name, buffer));
        Forget();
        return buffer;
    }

    /// <summary>Adds a counter.</summary>
    /// <param name="name">Its name in this module, without dots.</param>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken.</exception>
    protected NamedCounter AddCounter(string name)
    {
        CheckName(name);
        NamedCounter counter = new(_path + name);
        _counters.Add((name, counter));
        Forget();
        return counter;
    }

    /// <summary>Adds a module inside this one, which gets this one's <see cref="Training"/> mode.</summary>
    /// <param name="name">Its name in this module, without dots.</param>
    /// <param name="module">A module that is not inside another.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">
    /// The name is empty, has a dot, or is taken; the module is inside another already, or is this one or contains it.
    /// </exception>
    protected TModule AddModule<TModule>(string name, TModule module) where TModule : Module<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        CheckName(name);
        CheckFree(module, name);
        for (Module<T>? around = this; around is not null; around = around._parent)
        {
            if (ReferenceEquals(around, module))
            {
                throw new ArgumentException(
                    $"{TypeName}: got the module itself or one that contains it, expected another: a module cannot be inside "
                        + "itself.",
                    nameof(module));
            }
        }
        _children.Add((name, module));
        module._parent = this;
        module.Rename($"{_path}{name}.");
        module.Training = _training;
        Forget();
        return module;
    }

    /// <summary>Throws if the module is inside another: it belongs to one at most.</summary>
    private protected void CheckFree(Module<T> module, string name)
    {
        if (module._parent is not null)
        {
            throw new ArgumentException(
                $"{TypeName}: got a module for the name '{_path}{name}' that is inside another already, as "
                    + $"'{module._path.TrimEnd('.')}'; expected one that is not.",
                nameof(module));
        }
    }

    private void Rename(string path)
    {
        _path = path;
        foreach ((string name, Parameter<T> parameter) in _parameters)
        {
            parameter.Name = path + name;
        }
        foreach ((string name, NamedTensor<T> buffer) in _buffers)
        {
            buffer.Name = path + name;
        }
        foreach ((string name, NamedCounter counter) in _counters)
        {
            counter.Name = path + name;
        }
        foreach ((string name, Module<T> module) in _children)
        {
            module.Rename($"{path}{name}.");
        }
    }

    private void Forget()
    {
        for (Module<T>? module = this; module is not null; module = module._parent)
        {
            module._allParameters = null;
            module._allBuffers = null;
            module._allCounters = null;
        }
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        bool taken = _parameters.Exists(p => p.Name == name) || _buffers.Exists(b => b.Name == name)
            || _counters.Exists(c => c.Name == name) || _children.Exists(c => c.Name == name);
        if (taken || name.Contains('.'))
        {
            throw new ArgumentException(
                $"{TypeName}: got the name '{name}', expected one without dots that is not taken.", nameof(name));
        }
    }
}
